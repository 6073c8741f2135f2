namespace Upweave.Storage.Elements;

/// <summary>Bytes from 0 to 255.</summary>
internal readonly struct UInt8Format : IElementFormat
{
    public static int Bytes => sizeof(byte);

    public static int VectorsPerWrite => 4;

    public static V Read<V, TLanes>(ref readonly byte source)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        TLanes.ToFloats(TLanes.LoadBytes(in source));

    public static void Write<V, TLanes>(ref readonly byte floats, ref byte destination)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        SmallIntegers.WriteBytes<V, TLanes>(in floats, ref destination, byte.MinValue, byte.MaxValue);
}

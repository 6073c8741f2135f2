namespace Upweave.Storage.Elements;

/// <summary>Integers from 0 to 65535.</summary>
internal readonly struct UInt16Format : IElementFormat
{
    public static int Bytes => sizeof(ushort);

    public static int VectorsPerWrite => 2;

    public static V Read<V, TLanes>(ref readonly byte source)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        TLanes.ToFloats(TLanes.LoadShorts(in source));

    public static void Write<V, TLanes>(ref readonly byte floats, ref byte destination)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        SmallIntegers.WriteShorts<V, TLanes>(in floats, ref destination, ushort.MinValue, ushort.MaxValue);
}

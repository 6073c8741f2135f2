namespace Upweave.Storage.Elements;

/// <summary>Bytes from -128 to 127.</summary>
internal readonly struct Int8Format : IElementFormat
{
    public static int Bytes => sizeof(sbyte);

    public static int VectorsPerWrite => 4;

    public static V Read<V, TLanes>(ref readonly byte source)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        TLanes.ToFloats(TLanes.Sar(TLanes.Shl(TLanes.LoadBytes(in source), 24), 24));

    public static void Write<V, TLanes>(ref readonly byte floats, ref byte destination)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        SmallIntegers.WriteBytes<V, TLanes>(in floats, ref destination, sbyte.MinValue, sbyte.MaxValue);
}

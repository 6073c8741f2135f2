namespace Upweave.Storage.Elements;

/// <summary>Integers from -32768 to 32767.</summary>
internal readonly struct Int16Format : IElementFormat
{
    public static int Bytes => sizeof(short);

    public static int VectorsPerWrite => 2;

    public static V Read<V, TLanes>(ref readonly byte source)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        TLanes.ToFloats(TLanes.Sar(TLanes.Shl(TLanes.LoadShorts(in source), 16), 16));

    public static void Write<V, TLanes>(ref readonly byte floats, ref byte destination)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        SmallIntegers.WriteShorts<V, TLanes>(in floats, ref destination, short.MinValue, short.MaxValue);
}

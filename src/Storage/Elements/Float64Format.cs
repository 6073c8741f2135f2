namespace Upweave.Storage.Elements;

/// <summary>IEEE 754 binary64.</summary>
internal readonly struct Float64Format : IElementFormat
{
    public static int Bytes => sizeof(double);

    public static int VectorsPerWrite => 1;

    public static V Read<V, TLanes>(ref readonly byte source)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        TLanes.LoadDoubles(in source);

    public static void Write<V, TLanes>(ref readonly byte floats, ref byte destination)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        TLanes.StoreDoubles(TLanes.Load(in floats), ref destination);
}

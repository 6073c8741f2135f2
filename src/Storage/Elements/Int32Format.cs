namespace Upweave.Storage.Elements;

/// <summary>Integers of 32 bits with a sign.</summary>
internal readonly struct Int32Format : IElementFormat
{
    public static int Bytes => sizeof(int);

    public static int VectorsPerWrite => 1;

    public static V Read<V, TLanes>(ref readonly byte source)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        TLanes.ToFloats(TLanes.Load(in source));

    public static void Write<V, TLanes>(ref readonly byte floats, ref byte destination)
        where V : struct
        where TLanes : struct, IElementLanes<V> =>
        TLanes.Store(TLanes.ToIntegers(TLanes.Load(in floats)), ref destination);
}

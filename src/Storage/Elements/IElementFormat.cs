namespace Upweave.Storage.Elements;

/// <summary>The conversions of one element type, in vectors of any width.</summary>
internal interface IElementFormat
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Bytes { get; }

    /// <summary>Vectors of floats that one <see cref="Write"/> takes: what fills a vector of elements, or less.</summary>
    static abstract int VectorsPerWrite { get; }

    /// <summary>A vector of floats from as many elements.</summary>
    static abstract V Read<V, TLanes>(ref readonly byte source)
        where V : struct
        where TLanes : struct, IElementLanes<V>;

    /// <summary>Elements from <see cref="VectorsPerWrite"/> vectors of floats.</summary>
    static abstract void Write<V, TLanes>(ref readonly byte floats, ref byte destination)
        where V : struct
        where TLanes : struct, IElementLanes<V>;
}

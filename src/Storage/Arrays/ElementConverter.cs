namespace Upweave.Storage.Arrays;

public static class ElementConverter
{
    public static void ToFloat32(ElementType t, ReadOnlySpan<byte> a, Span<float> b) => throw new NotSupportedException();

    public static void FromFloat32(ReadOnlySpan<float> a, ElementType t, Span<byte> b) => throw new NotSupportedException();
}

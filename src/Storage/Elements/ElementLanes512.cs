using System.Runtime.Intrinsics;

namespace Upweave.Storage.Elements;

/// <summary>Sixteen lanes of 32 bits.</summary>
internal readonly struct ElementLanes512 : IElementLanes<Vector512<uint>>
{
    public static int Count => Vector512<uint>.Count;

    public static Vector512<uint> Of(uint bits) => Vector512.Create(bits);

    public static Vector512<uint> Of(float value) => Vector512.Create(value).AsUInt32();

    public static Vector512<uint> Load(ref readonly byte source) => Vector512.LoadUnsafe(in source).AsUInt32();

    public static Vector512<uint> LoadBytes(ref readonly byte source) => Vector512.WidenLower(
        Vector512.WidenLower(Vector128.LoadUnsafe(in source).ToVector256Unsafe().ToVector512Unsafe()));

    public static Vector512<uint> LoadShorts(ref readonly byte source) =>
        Vector512.WidenLower(Vector256.LoadUnsafe(in source).AsUInt16().ToVector512Unsafe());

    public static Vector512<uint> LoadDoubles(ref readonly byte source) => Vector512.Narrow(
        Vector512.LoadUnsafe(in source).AsDouble(), Vector512.LoadUnsafe(in source, (nuint)Vector512<byte>.Count).AsDouble()).AsUInt32();

    public static void Store(Vector512<uint> lanes, ref byte destination) => lanes.AsByte().StoreUnsafe(ref destination);

    public static void StoreBytes(
        Vector512<uint> first, Vector512<uint> second, Vector512<uint> third, Vector512<uint> fourth, ref byte destination) =>
        Vector512.Narrow(Vector512.Narrow(first, second), Vector512.Narrow(third, fourth)).StoreUnsafe(ref destination);

    public static void StoreShorts(Vector512<uint> first, Vector512<uint> second, ref byte destination) =>
        Vector512.Narrow(first, second).AsByte().StoreUnsafe(ref destination);

    public static void StoreDoubles(Vector512<uint> floats, ref byte destination)
    {
        (Vector512<double> lower, Vector512<double> upper) = Vector512.Widen(floats.AsSingle());
        lower.AsByte().StoreUnsafe(ref destination);
        upper.AsByte().StoreUnsafe(ref destination, (nuint)Vector512<byte>.Count);
    }

    public static Vector512<uint> And(Vector512<uint> left, Vector512<uint> right) => left & right;

    public static Vector512<uint> Or(Vector512<uint> left, Vector512<uint> right) => left | right;

    public static Vector512<uint> Shl(Vector512<uint> lanes, int bits) => lanes << bits;

    public static Vector512<uint> Shr(Vector512<uint> lanes, int bits) => lanes >>> bits;

    public static Vector512<uint> Sar(Vector512<uint> lanes, int bits) => (lanes.AsInt32() >> bits).AsUInt32();

    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    public static Vector512<uint> Greater(Vector512<uint> left, Vector512<uint> right) =>
        Vector512.GreaterThan(left.AsInt32(), right.AsInt32()).AsUInt32();

    public static Vector512<uint> Select(Vector512<uint> mask, Vector512<uint> yes, Vector512<uint> no) =>
        Vector512.ConditionalSelect(mask, yes, no);

    public static Vector512<uint> AddFloats(Vector512<uint> left, Vector512<uint> right) =>
        (left.AsSingle() + right.AsSingle()).AsUInt32();

    public static Vector512<uint> MultiplyFloats(Vector512<uint> left, Vector512<uint> right) =>
        (left.AsSingle() * right.AsSingle()).AsUInt32();

    public static Vector512<uint> ClampFloats(Vector512<uint> floats, Vector512<uint> least, Vector512<uint> most) =>
        Vector512.ClampNative(floats.AsSingle(), least.AsSingle(), most.AsSingle()).AsUInt32();

    public static Vector512<uint> IsNumber(Vector512<uint> floats) => Vector512.Equals(floats.AsSingle(), floats.AsSingle()).AsUInt32();

    public static Vector512<uint> ToFloats(Vector512<uint> integers) => Vector512.ConvertToSingle(integers.AsInt32()).AsUInt32();

    public static Vector512<uint> ToIntegers(Vector512<uint> floats) =>
        Vector512.ConvertToInt32(Vector512.Round(floats.AsSingle())).AsUInt32();
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Storage.Elements;

/// <summary>Eight lanes of 32 bits.</summary>
internal readonly struct ElementLanes256 : IElementLanes<Vector256<uint>>
{
    public static int Count => Vector256<uint>.Count;

    public static Vector256<uint> Of(uint bits) => Vector256.Create(bits);

    public static Vector256<uint> Of(float value) => Vector256.Create(value).AsUInt32();

    public static Vector256<uint> Load(ref readonly byte source) => Vector256.LoadUnsafe(in source).AsUInt32();

    public static Vector256<uint> LoadBytes(ref readonly byte source) => Vector256.WidenLower(
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(in source)).AsByte()).ToVector256Unsafe());

    public static Vector256<uint> LoadShorts(ref readonly byte source) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(in source).AsUInt16().ToVector256Unsafe());

    public static Vector256<uint> LoadDoubles(ref readonly byte source) => Vector256.Narrow(
        Vector256.LoadUnsafe(in source).AsDouble(), Vector256.LoadUnsafe(in source, (nuint)Vector256<byte>.Count).AsDouble()).AsUInt32();

    public static void Store(Vector256<uint> lanes, ref byte destination) => lanes.AsByte().StoreUnsafe(ref destination);

    public static void StoreBytes(
        Vector256<uint> first, Vector256<uint> second, Vector256<uint> third, Vector256<uint> fourth, ref byte destination) =>
        Vector256.Narrow(Vector256.Narrow(first, second), Vector256.Narrow(third, fourth)).StoreUnsafe(ref destination);

    public static void StoreShorts(Vector256<uint> first, Vector256<uint> second, ref byte destination) =>
        Vector256.Narrow(first, second).AsByte().StoreUnsafe(ref destination);

    public static void StoreDoubles(Vector256<uint> floats, ref byte destination)
    {
        (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(floats.AsSingle());
        lower.AsByte().StoreUnsafe(ref destination);
        upper.AsByte().StoreUnsafe(ref destination, (nuint)Vector256<byte>.Count);
    }

    public static Vector256<uint> And(Vector256<uint> left, Vector256<uint> right) => left & right;

    public static Vector256<uint> Or(Vector256<uint> left, Vector256<uint> right) => left | right;

    public static Vector256<uint> Shl(Vector256<uint> lanes, int bits) => lanes << bits;

    public static Vector256<uint> Shr(Vector256<uint> lanes, int bits) => lanes >>> bits;

    public static Vector256<uint> Sar(Vector256<uint> lanes, int bits) => (lanes.AsInt32() >> bits).AsUInt32();

    public static Vector256<uint> Add(Vector256<uint> left, Vector256<uint> right) => left + right;

    public static Vector256<uint> Greater(Vector256<uint> left, Vector256<uint> right) =>
        Vector256.GreaterThan(left.AsInt32(), right.AsInt32()).AsUInt32();

    public static Vector256<uint> Select(Vector256<uint> mask, Vector256<uint> yes, Vector256<uint> no) =>
        Vector256.ConditionalSelect(mask, yes, no);

    public static Vector256<uint> AddFloats(Vector256<uint> left, Vector256<uint> right) =>
        (left.AsSingle() + right.AsSingle()).AsUInt32();

    public static Vector256<uint> MultiplyFloats(Vector256<uint> left, Vector256<uint> right) =>
        (left.AsSingle() * right.AsSingle()).AsUInt32();

    public static Vector256<uint> ClampFloats(Vector256<uint> floats, Vector256<uint> least, Vector256<uint> most) =>
        Vector256.ClampNative(floats.AsSingle(), least.AsSingle(), most.AsSingle()).AsUInt32();

    public static Vector256<uint> IsNumber(Vector256<uint> floats) => Vector256.Equals(floats.AsSingle(), floats.AsSingle()).AsUInt32();

    public static Vector256<uint> ToFloats(Vector256<uint> integers) => Vector256.ConvertToSingle(integers.AsInt32()).AsUInt32();

    public static Vector256<uint> ToIntegers(Vector256<uint> floats) =>
        Vector256.ConvertToInt32(Vector256.Round(floats.AsSingle())).AsUInt32();
}

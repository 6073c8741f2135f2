using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Upweave.Storage.Elements;

/// <summary>Four lanes of 32 bits.</summary>
internal readonly struct ElementLanes128 : IElementLanes<Vector128<uint>>
{
    public static int Count => Vector128<uint>.Count;

    public static Vector128<uint> Of(uint bits) => Vector128.Create(bits);

    public static Vector128<uint> Of(float value) => Vector128.Create(value).AsUInt32();

    public static Vector128<uint> Load(ref readonly byte source) => Vector128.LoadUnsafe(in source).AsUInt32();

    public static Vector128<uint> LoadBytes(ref readonly byte source) => Vector128.WidenLower(
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(in source)).AsByte()));

    public static Vector128<uint> LoadShorts(ref readonly byte source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(in source)).AsUInt16());

    public static Vector128<uint> LoadDoubles(ref readonly byte source) => Vector128.Narrow(
        Vector128.LoadUnsafe(in source).AsDouble(), Vector128.LoadUnsafe(in source, (nuint)Vector128<byte>.Count).AsDouble()).AsUInt32();

    public static void Store(Vector128<uint> lanes, ref byte destination) => lanes.AsByte().StoreUnsafe(ref destination);

    public static void StoreBytes(
        Vector128<uint> first, Vector128<uint> second, Vector128<uint> third, Vector128<uint> fourth, ref byte destination) =>
        Vector128.Narrow(Vector128.Narrow(first, second), Vector128.Narrow(third, fourth)).StoreUnsafe(ref destination);

    public static void StoreShorts(Vector128<uint> first, Vector128<uint> second, ref byte destination) =>
        Vector128.Narrow(first, second).AsByte().StoreUnsafe(ref destination);

    public static void StoreDoubles(Vector128<uint> floats, ref byte destination)
    {
        (Vector128<double> lower, Vector128<double> upper) = Vector128.Widen(floats.AsSingle());
        lower.AsByte().StoreUnsafe(ref destination);
        upper.AsByte().StoreUnsafe(ref destination, (nuint)Vector128<byte>.Count);
    }

    public static Vector128<uint> And(Vector128<uint> left, Vector128<uint> right) => left & right;

    public static Vector128<uint> Or(Vector128<uint> left, Vector128<uint> right) => left | right;

    public static Vector128<uint> Shl(Vector128<uint> lanes, int bits) => lanes << bits;

    public static Vector128<uint> Shr(Vector128<uint> lanes, int bits) => lanes >>> bits;

    public static Vector128<uint> Sar(Vector128<uint> lanes, int bits) => (lanes.AsInt32() >> bits).AsUInt32();

    public static Vector128<uint> Add(Vector128<uint> left, Vector128<uint> right) => left + right;

    public static Vector128<uint> Greater(Vector128<uint> left, Vector128<uint> right) =>
        Vector128.GreaterThan(left.AsInt32(), right.AsInt32()).AsUInt32();

    public static Vector128<uint> Select(Vector128<uint> mask, Vector128<uint> yes, Vector128<uint> no) =>
        Vector128.ConditionalSelect(mask, yes, no);

    public static Vector128<uint> AddFloats(Vector128<uint> left, Vector128<uint> right) =>
        (left.AsSingle() + right.AsSingle()).AsUInt32();

    public static Vector128<uint> MultiplyFloats(Vector128<uint> left, Vector128<uint> right) =>
        (left.AsSingle() * right.AsSingle()).AsUInt32();

    public static Vector128<uint> ClampFloats(Vector128<uint> floats, Vector128<uint> least, Vector128<uint> most) =>
        Vector128.ClampNative(floats.AsSingle(), least.AsSingle(), most.AsSingle()).AsUInt32();

    public static Vector128<uint> IsNumber(Vector128<uint> floats) => Vector128.Equals(floats.AsSingle(), floats.AsSingle()).AsUInt32();

    public static Vector128<uint> ToFloats(Vector128<uint> integers) => Vector128.ConvertToSingle(integers.AsInt32()).AsUInt32();

    public static Vector128<uint> ToIntegers(Vector128<uint> floats) =>
        Vector128.ConvertToInt32(Vector128.Round(floats.AsSingle())).AsUInt32();
}

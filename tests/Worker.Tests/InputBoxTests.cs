using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CsCheck;
using Upweave.Kernels;
using Upweave.Storage;
using Upweave.Tests;
using Upweave.Tiling;
using Upweave.Tiling.Tests;
using Upweave.Worker.Tiles;

namespace Upweave.Worker.Tests;

public sealed class InputBoxTests
{
    private static readonly Gen<FillCase> Cases = Gen.Select(
        Gen.Long[1, 6].Array[1, 3], Gen.Long[-8, 8].Array[3], Gen.Long[1, 7].Array[3], Gen.Int[1, 3], Gen.Bool, Gen.Int[0, 3],
        (input, origin, extent, channels, replicate, type) => new FillCase(
            Dims.Create(input), new Box(Dims.Create(origin.AsSpan(0, input.Length)), Dims.Create(extent.AsSpan(0, input.Length))), channels,
            replicate ? Border.Replicate : Border.Zero, new[] { ElementType.Float32, ElementType.UInt8, ElementType.Int16, ElementType.Int16 }[type], BigEndian: type == 3));

    [Fact]
    public void Fill_AnyBox_EqualsPlainLoops() => Property.Holds(Cases, test =>
    {
        float[] array = Whole(test);
        Box needed = Needed(test);
        float[] destination = new float[test.Channels * test.Region.Volume];
        Array.Fill(destination, float.NaN); // rented memory is dirty
        InputBox.Fill(Stored(test, array, needed), test.Type, test.BigEndian, test.Channels, needed, test.Region, test.Border, destination);
        Assert.Equal(Expected(test, array), destination);
    });

    /// <summary>Whole numbers that every type holds.</summary>
    private static float[] Whole(FillCase test) =>
        [.. Numbers.Bytes(test.Channels * test.Input.Volume).Select(value => (float)value)];

    private static float[] Expected(FillCase test, float[] array) => [.. Elements(test.Channels, test.Region).Select(at =>
    {
        long[] inside = [.. at.Position.Select((position, axis) => Math.Clamp(position, 0, test.Input[axis] - 1))];
        return test.Border == Border.Zero && !inside.SequenceEqual(at.Position) ? 0 : array[Flat(test.Input, at.Channel, inside)];
    })];

    /// <summary>The smallest box that holds every element drawn on; empty when there is none.</summary>
    private static Box Needed(FillCase test)
    {
        IEnumerable<long> Positions(int axis)
        {
            for (long position = test.Region.Origin[axis]; position < test.Region.End(axis); position++)
            {
                if (test.Border == Border.Replicate || (position >= 0 && position < test.Input[axis]))
                    yield return Math.Clamp(position, 0, test.Input[axis] - 1);
            }
        }

        int rank = test.Input.Count;
        Dims origin = Dims.Build(rank, axis => Positions(axis).FirstOrDefault());
        return new Box(origin, Dims.Build(rank, axis => Positions(axis).Distinct().Count()));
    }

    private static byte[] Stored(FillCase test, float[] array, Box needed)
    {
        IEnumerable<float> values = needed.IsEmpty
            ? []
            : Elements(test.Channels, needed).Select(at => array[Flat(test.Input, at.Channel, at.Position)]);
        return test.Type switch
        {
            ElementType.Float32 => MemoryMarshal.AsBytes<float>(values.ToArray()).ToArray(),
            ElementType.Int16 => MemoryMarshal.AsBytes<short>(values.Select(value => Turned((short)value, test.BigEndian)).ToArray()).ToArray(),
            _ => [.. values.Select(value => (byte)value)],
        };
    }

    private static short Turned(short value, bool turn) => turn ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static IEnumerable<(int Channel, long[] Position)> Elements(int channels, Box box)
    {
        TileGrid grid = new(box.Shape, Dims.Repeat(1, box.Rank));
        for (int channel = 0; channel < channels; channel++)
        {
            for (long index = 0; index < grid.Count; index++)
            {
                yield return (channel, [.. grid[index].Origin.Select((offset, axis) => box.Origin[axis] + offset)]);
            }
        }
    }

    private static long Flat(Dims shape, long channel, IEnumerable<long> position) =>
        position.Select((at, axis) => (at, axis)).Aggregate(channel, (flat, next) => (flat * shape[next.axis]) + next.at);

    private sealed record FillCase(Dims Input, Box Region, int Channels, Border Border, ElementType Type, bool BigEndian);
}

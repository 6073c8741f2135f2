using Upweave.Storage;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>What reading a box of the input takes in a worker, beside the box.</summary>
/// <param name="Type">Of the elements as they are stored.</param>
/// <param name="Axes">Of the input.</param>
/// <param name="KeptBytes">See <see cref="Storage.Arrays.IArrayReader.KeptBytes"/>.</param>
/// <param name="OverheadBytes">See <see cref="Storage.Arrays.IArrayReader.ReadOverheadBytes"/>.</param>
public sealed record InputReading(ElementType Type, AxisLayout Axes, long KeptBytes, Func<Dims, long> OverheadBytes);

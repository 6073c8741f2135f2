using System.Globalization;
using Upweave.Storage.Arrays;

namespace Upweave.Cli.Rendering;

/// <summary>Quantities as people read them. Three digits say enough.</summary>
internal static class Units
{
    private static readonly string[] Prefixes = ["", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] BinaryPrefixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <summary>Data in powers of 1000: <c>8.39 MB</c>.</summary>
    public static string Bytes(double bytes) => Scaled(bytes, 1000, Prefixes, "B");

    /// <summary>Memory in powers of 1024: <c>2 GiB</c>.</summary>
    public static string Memory(double bytes) => Scaled(bytes, 1024, BinaryPrefixes, "B");

    /// <summary>Data per second: <c>88.1 MB/s</c>.</summary>
    public static string Rate(double bytesPerSecond) => Bytes(bytesPerSecond) + "/s";

    /// <summary>Floating point operations: <c>1.2 TFLOP</c>.</summary>
    public static string Flops(double flops) => Scaled(flops, 1000, Prefixes, "FLOP");

    /// <summary>A count with its digits in groups: <c>12,345</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count and its noun: <c>1 tile</c>, <c>12 tiles</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A share: <c>12.5%</c>.</summary>
    public static string Share(double share) => Digits(100 * share) + "%";

    /// <summary>A number with three digits: <c>0.123</c>, <c>12.3</c>, <c>1234</c>.</summary>
    public static string Digits(double value) => Math.Abs(value) switch
    {
        >= 99.95 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 9.995 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>A time: <c>35 ms</c>, <c>4.21 s</c>, <c>2 min 05 s</c>, <c>3 h 20 min</c>, <c>2 d 04 h</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 0.9995 => $"{Math.Round(time.TotalMilliseconds)} ms",
        < 99.95 => $"{Digits(time.TotalSeconds)} s",
        < 3600 => $"{(int)time.TotalMinutes} min {time.Seconds:00} s",
        < 86400 => $"{(int)time.TotalHours} h {time.Minutes:00} min",
        _ => $"{(int)time.TotalDays} d {time.Hours:00} h",
    };

    /// <summary>A shape, outermost axis first: <c>3 x 1024 x 1024</c>.</summary>
    public static string Shape(IEnumerable<long> extents) => string.Join(" x ", extents);

    /// <summary>The distance of neighbours on each axis: <c>y 0.65 micrometer, x 0.65 micrometer</c>.</summary>
    public static string Spacing(ArraySpace space) => string.Join(", ", space.Axes.Select((axis, place) => string.Create(
        CultureInfo.InvariantCulture, $"{axis} {space.Scale[place]:0.######}{(space.Units[place] is { } unit ? $" {unit}" : "")}")));

    private static string Scaled(double value, double step, string[] prefixes, string unit)
    {
        int prefix = 0;
        while (Math.Abs(value) >= step && prefix < prefixes.Length - 1)
        {
            value /= step;
            prefix++;
        }

        return $"{Digits(value)} {prefixes[prefix]}{unit}";
    }
}

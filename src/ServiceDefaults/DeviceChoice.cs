using System.Globalization;

namespace Upweave.ServiceDefaults;

/// <summary>What a worker is asked to compute on.</summary>
public sealed record DeviceChoice
{
    /// <summary>What <see cref="Parse"/> understands, for messages.</summary>
    public const string Expected = "auto, cpu, gpu or gpu:N with a number that 'upweave devices' shows";

    private const string GpuText = "gpu";

    private DeviceChoice(DeviceChoiceKind kind, int? index)
    {
        Kind = kind;
        Index = index;
    }

    /// <summary>The first graphics processor that computes exactly; the processor where there is none.</summary>
    public static DeviceChoice Auto { get; } = new(DeviceChoiceKind.Auto, index: null);

    /// <summary>The processor.</summary>
    public static DeviceChoice Processor { get; } = new(DeviceChoiceKind.Processor, index: null);

    public DeviceChoiceKind Kind { get; }

    /// <summary>Of <see cref="DeviceChoiceKind.Gpu"/>: which device; null for the first graphics processor.</summary>
    public int? Index { get; }

    /// <returns>Null when the text is no choice.</returns>
    public static DeviceChoice? Parse(string text) => text switch
    {
        "auto" => Auto,
        "cpu" => Processor,
        GpuText => new DeviceChoice(DeviceChoiceKind.Gpu, index: null),
        ['g', 'p', 'u', ':', .. string digits] when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int index) =>
            new DeviceChoice(DeviceChoiceKind.Gpu, index),
        _ => null,
    };

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => (Kind, Index) switch
    {
        (DeviceChoiceKind.Auto, _) => "auto",
        (DeviceChoiceKind.Processor, _) => "cpu",
        (_, int index) => string.Create(CultureInfo.InvariantCulture, $"{GpuText}:{index}"),
        _ => GpuText,
    };
}

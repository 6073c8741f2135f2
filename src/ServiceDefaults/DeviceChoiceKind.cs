namespace Upweave.ServiceDefaults;

/// <summary>How a worker comes to the device that it computes on.</summary>
public enum DeviceChoiceKind
{
    /// <summary>It takes a graphics processor where there is one.</summary>
    Auto,

    /// <summary>It is the processor.</summary>
    Processor,

    /// <summary>It is named: a worker without it does not start.</summary>
    Gpu,
}

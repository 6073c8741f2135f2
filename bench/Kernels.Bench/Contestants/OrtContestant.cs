using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Upweave.Kernels;
using Upweave.Tiling;

namespace Upweave.Bench.Contestants;

/// <summary>ONNX Runtime: a session of one node, input and output bound to memory made before.</summary>
internal sealed class OrtContestant : IContestant
{
    private readonly AlignedBuffer output;
    private readonly MemoryHandle inputPin;
    private readonly MemoryHandle outputPin;
    private readonly SessionOptions options = new();
    private readonly RunOptions run = new();
    private readonly InferenceSession session;
    private readonly OrtIoBinding binding;
    private readonly OrtValue x;
    private readonly OrtValue y;

    public OrtContestant(RowData data, int threads)
    {
        options.IntraOpNumThreads = threads;
        options.InterOpNumThreads = 1;
        options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
        options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL;
        options.LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
        // Its threads spin during a call, not after it: there they would take a core from whoever is timed next.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        output = new AlignedBuffer(data.Row.OutputShape.Volume * sizeof(float));
        output.Floats.Fill(float.NaN);
        inputPin = data.Input.Pin();
        outputPin = output.Pin();
        session = new InferenceSession(OnnxModel.Create(data), options);
        binding = session.CreateIoBinding();
        x = Value(inputPin, data.Row.InputShape);
        y = Value(outputPin, data.Row.OutputShape);
        binding.BindInput(OnnxModel.Input, x);
        binding.BindOutput(OnnxModel.Output, y);
    }

    public static string Version => "ONNX Runtime " + OrtEnv.Instance().GetVersionString();

    public string Name => "ort";

    public void Run() => session.RunWithBinding(run, binding);

    public ReadOnlySpan<float> Output() => output.Floats;

    public void Dispose()
    {
        binding.Dispose();
        session.Dispose();
        x.Dispose();
        y.Dispose();
        run.Dispose();
        options.Dispose();
        inputPin.Dispose();
        outputPin.Dispose();
        output.Dispose();
    }

    private static unsafe OrtValue Value(MemoryHandle pin, Dims shape) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape.ToArray(), (nint)pin.Pointer, shape.Volume * sizeof(float));
}

"""Times torch.nn.functional.conv_transpose on the GPU: a row of numbers on standard input, a row of milliseconds on standard output."""
import statistics
import sys
import time

import torch
import torch.nn.functional as F

torch.backends.cudnn.benchmark = True
FUNCTIONS = [F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d]


def median_ms(call):
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    call()
    begun = time.monotonic()
    while time.monotonic() - begun < 0.12:  # a device that had nothing to do runs at a fraction of its clock
        for _ in range(16):
            call()
        torch.cuda.synchronize()
    start.record()
    call()
    end.record()
    torch.cuda.synchronize()
    calls = max(3, min(200, int(4 / max(start.elapsed_time(end), 1e-3))))
    times = []
    for _ in range(7):
        start.record()
        for _ in range(calls):
            call()
        end.record()
        torch.cuda.synchronize()
        times.append(start.elapsed_time(end) / calls)
    return statistics.median(times)


def vector(text):
    return [int(part) for part in text.split(",")]


def measure(line):
    precision, batch, channels_in, channels_out, groups, *vectors = line.split("|")
    batch, channels_in, channels_out, groups = int(batch), int(channels_in), int(channels_out), int(groups)
    extents, kernel, stride, begin, end, extra, dilation = map(vector, vectors)
    # torch pads both ends alike; a smaller pad at the end is output padding.
    output_padding = [o + b - e for o, b, e in zip(extra, begin, end)]
    crop = [max(0, -o) for o in output_padding]
    output_padding = [max(0, o) for o in output_padding]
    kind = {"fp16": torch.float16, "bf16": torch.bfloat16}.get(precision, torch.float32)
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"
    x = torch.randn(batch, channels_in, *extents, device="cuda").to(kind)
    w = (torch.randn(channels_in, channels_out // groups, *kernel, device="cuda") * 0.05).to(kind)
    function = FUNCTIONS[len(kernel) - 1]

    def call():
        y = function(x, w, None, stride, begin, output_padding, groups, dilation)
        for axis, size in enumerate(crop):
            if size:
                y = y.narrow(axis + 2, 0, y.shape[axis + 2] - size)
        return y

    return median_ms(call)


print(f"PyTorch {torch.__version__}, cuDNN {torch.backends.cudnn.version()}, {torch.cuda.get_device_name()}", flush=True)
for row in sys.stdin:
    try:
        print(f"{measure(row.strip()):.6f}", flush=True)
    except Exception as error:
        print(f"error {type(error).__name__}: {str(error).splitlines()[0][:120]}", flush=True)

using Upweave.Tiling;

namespace Upweave.Storage.Arrays;

/// <summary>Checks what a reader is asked for.</summary>
internal static class BoxCheck
{
    /// <exception cref="ArgumentException">The box is empty or not inside the array, or the destination is not its size.</exception>
    public static void Throw(ArrayInfo info, Box box, int destinationBytes)
    {
        if (box.Rank != info.Shape.Count || box.IsEmpty || !Box.Whole(info.Shape).Contains(box))
            throw new ArgumentException($"The box {box} is empty or not inside the array {info.Shape}.", nameof(box));
        if (destinationBytes != box.Volume * info.Type.Size())
        {
            throw new ArgumentException(
                $"The box {box} of {info.Type.Name()} does not have {destinationBytes} bytes.", nameof(destinationBytes));
        }
    }
}

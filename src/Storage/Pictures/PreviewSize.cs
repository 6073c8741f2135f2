namespace Upweave.Storage.Pictures;

/// <summary>How large a <see cref="PreviewStrip"/> is.</summary>
/// <param name="Planes">Along z; 1 for what has no z.</param>
/// <param name="Height">Pixels of a plane.</param>
/// <param name="Width">Pixels of a plane.</param>
public readonly record struct PreviewSize(int Planes, int Height, int Width);

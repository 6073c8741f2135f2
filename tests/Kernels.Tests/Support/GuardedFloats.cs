using System.Runtime.InteropServices;

namespace Upweave.Kernels.Tests.Support;

/// <summary>Where in its pages a guarded array lies.</summary>
public enum GuardSide
{
    /// <summary>Right behind a page that must not be touched.</summary>
    Before,

    /// <summary>Right before one.</summary>
    After,
}

/// <summary>
/// Floats beside a page without any access: a single load or store outside them ends the process. There is a
/// forbidden page on both sides, and the floats touch the one asked for. Unix only, as <c>mmap</c> is.
/// </summary>
internal sealed unsafe partial class GuardedFloats : IDisposable
{
    private const int NoAccess = 0;
    private const int ReadWrite = 3;
    private const int MapPrivate = 2;
    private static readonly int MapAnonymous = OperatingSystem.IsMacOS() ? 0x1000 : 0x20;
    private readonly nint mapping;
    private readonly nuint mappedBytes;
    private readonly float* first;
    private readonly int length;

    public GuardedFloats(int length, GuardSide side)
    {
        this.length = length;
        nint page = Environment.SystemPageSize;
        nint bytes = (nint)length * sizeof(float);
        nint inner = Math.Max(1, (bytes + page - 1) / page) * page;
        mappedBytes = (nuint)(inner + (2 * page));
        mapping = Map(0, mappedBytes, NoAccess, MapPrivate | MapAnonymous, -1, 0);
        if (mapping == -1 || Protect(mapping + page, (nuint)inner, ReadWrite) != 0)
        {
            throw new InvalidOperationException(
                $"Guarded memory of {mappedBytes} bytes could not be mapped: error {Marshal.GetLastPInvokeError()}.");
        }

        first = (float*)(side == GuardSide.Before ? mapping + page : mapping + page + inner - bytes);
    }

    public GuardedFloats(ReadOnlySpan<float> content, GuardSide side)
        : this(content.Length, side) => content.CopyTo(Span);

    public Span<float> Span => new(first, length);

    public void Dispose()
    {
        if (Unmap(mapping, mappedBytes) != 0)
            throw new InvalidOperationException($"Guarded memory could not be unmapped: error {Marshal.GetLastPInvokeError()}.");
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(nint address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(nint address, nuint bytes);
}

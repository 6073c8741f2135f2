using System.Buffers.Binary;
using System.Text;

namespace Upweave.Storage.Tests.Npy;

/// <summary>Writes .npy files as numpy.lib.format documents them.</summary>
internal static class NpyFile
{
    public static readonly Dictionary<ElementType, string> Codes = new()
    {
        [ElementType.Bool] = "b1",
        [ElementType.Int8] = "i1",
        [ElementType.UInt8] = "u1",
        [ElementType.Int16] = "i2",
        [ElementType.UInt16] = "u2",
        [ElementType.Int32] = "i4",
        [ElementType.UInt32] = "u4",
        [ElementType.Int64] = "i8",
        [ElementType.UInt64] = "u8",
        [ElementType.Float16] = "f2",
        [ElementType.Float32] = "f4",
        [ElementType.Float64] = "f8",
    };

    public static byte[] Make(Sample sample, bool fortran = false, bool bigEndian = false, int version = 1)
    {
        byte[] data = fortran ? sample.FortranBytes() : sample.Bytes;
        char order = sample.ElementBytes == 1 ? '|' : bigEndian ? '>' : '<';
        string shape = string.Concat(sample.Shape.Select(extent => extent + ", "));
        string header = $"{{'descr': '{order}{Codes[sample.Type]}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({shape}), }}";
        return Make(header, bigEndian ? Sample.Swap(data, sample.ElementBytes) : data, version);
    }

    public static byte[] Make(string header, byte[] data, int version = 1)
    {
        int lengthBytes = version == 1 ? 2 : 4;
        byte[] text = Encoding.UTF8.GetBytes(header.PadRight(117) + "\n");
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length[..lengthBytes], .. text, .. data];
    }
}

using System.Buffers;
using System.Text;

namespace Upweave.Bench.Contestants;

/// <summary>Writes one protobuf message (protobuf.dev, "Encoding"): as much of it as an ONNX model of one node needs.</summary>
internal sealed class ProtobufWriter
{
    private const int WireVarint = 0;
    private const int WireBytes = 2;
    private readonly ArrayBufferWriter<byte> written = new();

    public ProtobufWriter Number(int field, long value)
    {
        Varint((ulong)((field << 3) | WireVarint));
        Varint((ulong)value);
        return this;
    }

    public ProtobufWriter Numbers(int field, IEnumerable<long> values)
    {
        foreach (long value in values)
        {
            Number(field, value);
        }

        return this;
    }

    public ProtobufWriter Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public ProtobufWriter Message(int field, ProtobufWriter message) =>
        Bytes(field, message.written.WrittenSpan);

    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Varint((ulong)((field << 3) | WireBytes));
        Varint((ulong)bytes.Length);
        written.Write(bytes);
        return this;
    }

    public byte[] ToArray() => written.WrittenSpan.ToArray();

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            written.Write([(byte)(value | 0x80)]);
        }

        written.Write([(byte)value]);
    }
}

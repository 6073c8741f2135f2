using System.Text;
using System.Text.Json.Nodes;

namespace Upweave.Tests;

/// <summary>
/// Makes hostile texts of a valid one: bytes flipped, cut, repeated and replaced, and values replaced by what nobody expects there. The
/// same seed makes the same texts.
/// </summary>
internal sealed class JsonMutator(int seed)
{
    private static readonly string[] Values =
    [
        "null", "true", "[]", "{}", "\"\"", "-1", "0", "1", "7", "2147483647", "2147483648", "-2147483648", "4294967296", "8589934592",
        "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e308", "1e400", "-0", "0.5", "NaN", "\"NaN\"", "\"../../x\"",
        "\"s/\"", "\"s/in.npy\"", "\"s/out.npy\"", "\"s/in.npy/x\"", "\"\\u0000\"", "\"\\ud800\"", "[null]", "[[1]]", "{\"a\":{}}", "[1,1,1,1,1,1,1,1,1]",
        "[9223372036854775807,9223372036854775807]", "[0,0]", "[-1,-1]", "[1000000007,3]", "\"direct\"", "\"minimal\"", "\"zarr\"", "\"float64\"",
    ];

    private readonly Random random = new(seed);

    /// <summary>A changed text; now and then one of the valid ones.</summary>
    public byte[] Next(string json)
    {
        byte[] bytes = random.Next(3) == 0 ? Encoding.UTF8.GetBytes(json) : Encoding.UTF8.GetBytes(ChangeValues(json));
        for (int change = random.Next(3) == 0 ? random.Next(1, 4) : 0; change > 0; change--)
        {
            bytes = ChangeBytes(bytes);
        }

        return bytes;
    }

    /// <summary>JSON in which some values are others, missing or there twice.</summary>
    public string ChangeValues(string json)
    {
        JsonNode root = JsonNode.Parse(json)!;
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            List<JsonNode> places = [.. Containers(root)];
            Change(places[random.Next(places.Count)]);
        }

        string text = root.ToJsonString();
        for (int value = 0; value < Values.Length; value++)
        {
            text = text.Replace($"\"@{value}\"", Values[value], StringComparison.Ordinal);
        }

        return text;
    }

    private static IEnumerable<JsonNode> Containers(JsonNode node)
    {
        yield return node;
        IEnumerable<JsonNode?> inside = node is JsonObject members ? members.Select(member => member.Value) : (JsonArray)node;
        foreach (JsonNode container in inside.Where(child => child is JsonObject or JsonArray).SelectMany(child => Containers(child!)))
        {
            yield return container;
        }
    }

    private void Change(JsonNode place)
    {
        // A mark that is replaced in the text: not all of the values are JSON that a node could hold.
        JsonNode Value() => JsonValue.Create($"@{random.Next(Values.Length)}");
        if (place is JsonArray array)
        {
            if (array.Count > 0 && random.Next(3) > 0)
                array[random.Next(array.Count)] = Value();
            else if (array.Count > 0 && random.Next(2) == 0)
                array.RemoveAt(random.Next(array.Count));
            else
                array.Add(Value());
            return;
        }

        JsonObject members = (JsonObject)place;
        string[] names = [.. members.Select(member => member.Key)];
        if (names.Length == 0 || random.Next(8) == 0)
            members[$"unknown{random.Next(3)}"] = Value();
        else if (random.Next(6) == 0)
            members.Remove(names[random.Next(names.Length)]);
        else
            members[names[random.Next(names.Length)]] = Value();
    }

    private byte[] ChangeBytes(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [(byte)random.Next(256)];
        int at = random.Next(bytes.Length);
        int length = random.Next(1, Math.Min(40, bytes.Length - at) + 1);
        switch (random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                return bytes[..at];
            case 2:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 3:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 4:
                return [.. bytes[..at], .. Enumerable.Repeat((byte)"[{\"9 \0\xff"[random.Next(7)], random.Next(1, 200)), .. bytes[at..]];
            default:
                random.NextBytes(bytes.AsSpan(at, length));
                return bytes;
        }
    }
}

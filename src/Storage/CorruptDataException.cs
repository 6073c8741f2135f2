namespace Upweave.Storage;

/// <summary>Stored bytes contradict their own format. The tile fails at once; the message names the object.</summary>
public class CorruptDataException : Exception
{
    public CorruptDataException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

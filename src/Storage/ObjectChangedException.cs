namespace Upweave.Storage;

/// <summary>An object is not what it was when the job was planned. The job fails; it never mixes two inputs.</summary>
public sealed class ObjectChangedException : Exception
{
    public ObjectChangedException(string message)
        : base(message)
    {
    }
}

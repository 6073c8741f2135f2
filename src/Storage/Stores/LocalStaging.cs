namespace Upweave.Storage.Stores;

/// <summary>
/// The life of what one owner stages for one destination P, in the folder <c>P.upweave/OWNER</c>:
/// <code>
/// work (data or tree)  --all is there-->  sealed  --marker 'publishing' is written-->  sealed renamed to P
/// </code>
/// Each arrow is one atomic step, so what the folder holds says how far a crashed commit came: the marker without
/// <c>sealed</c> means published. A writer that is late may make a new <c>work</c> after sealing; nobody looks at it.
/// </summary>
internal sealed class LocalStaging
{
    private readonly string owner;
    private readonly string folder;
    private readonly string marker;
    private readonly string replaced;

    /// <param name="path">The destination in the store, for messages.</param>
    /// <param name="destination">The destination's file or folder.</param>
    public LocalStaging(string path, string destination, string owner)
    {
        if (owner.Length == 0 || !owner.All(char.IsAsciiLetterOrDigit))
            throw new ArgumentException($"The owner '{owner}' must be letters and digits.", nameof(owner));
        this.owner = owner;
        DestinationPath = path;
        Destination = destination;
        folder = Path.Combine(destination + ".upweave", owner);
        marker = Entry("publishing");
        replaced = Entry("old");
        Sealed = Entry("sealed");
    }

    public string DestinationPath { get; }

    public string Destination { get; }

    /// <summary>What is complete and waits for being renamed to the destination.</summary>
    public string Sealed { get; }

    /// <summary>All that will be published is sealed or published already: writing more has no effect.</summary>
    public bool IsClosed => Path.Exists(Sealed) || File.Exists(marker);

    public bool IsPublished => File.Exists(marker) && !Path.Exists(Sealed) && Path.Exists(Destination);

    /// <summary>The path in the store of an entry.</summary>
    public string PathOf(string name) => $"{DestinationPath}.upweave/{owner}/{name}";

    public string Entry(string name) => Path.Combine(folder, name);

    /// <summary>Takes <paramref name="work"/> to the destination, from wherever an earlier attempt stopped.</summary>
    /// <param name="work">The staged file or folder.</param>
    /// <param name="mayPublish">Whether the destination is as the caller expects.</param>
    /// <param name="complete">Checks that the work is whole, adds what is missing, flushes it.</param>
    /// <returns>False when the destination is not as expected.</returns>
    public async ValueTask<bool> PublishAsync(
        string work, Func<bool> mayPublish, Func<ValueTask> complete, CancellationToken cancellationToken)
    {
        using PathLock held = await PathLock.AcquireAsync(Destination, cancellationToken);
        if (!IsPublished)
        {
            // An interrupted attempt has moved the old content away; that it might was checked then.
            bool isMovedAway = File.Exists(marker) && Path.Exists(replaced) && !Path.Exists(Destination);
            if (!isMovedAway && !mayPublish())
                return false;
            if (!Path.Exists(Sealed))
            {
                await complete();
                Directory.Move(work, Sealed);
            }

            await LocalFiles.WriteWholeAsync(marker, default, mayReplace: true, cancellationToken);
            Replace();
        }

        RemoveReplaced();
        return true;
    }

    /// <summary>Removes the owner's folder.</summary>
    public void Discard() => LocalFiles.DeleteFolder(folder);

    private void Replace()
    {
        if (File.Exists(Sealed) && !Directory.Exists(Destination))
        {
            File.Move(Sealed, Destination, overwrite: true);
            return;
        }

        // Two renames, since a folder cannot be replaced in one: readers find nothing in between, never a mixture.
        if (Path.Exists(Destination))
        {
            RemoveReplaced();
            Directory.Move(Destination, replaced);
        }

        Directory.Move(Sealed, Destination);
    }

    private void RemoveReplaced()
    {
        LocalFiles.Delete(replaced);
        LocalFiles.DeleteFolder(replaced);
    }
}

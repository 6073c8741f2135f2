using Upweave.Contracts;
using Upweave.Planning;
using Upweave.Storage;
using Upweave.Storage.Arrays;
using Upweave.Storage.Onnx;
using Upweave.Storage.Sequential;
using Upweave.Storage.Stores;
using Upweave.Tiling;

namespace Upweave.Coordinator.Planning;

/// <summary>Opens what a specification refers to, and turns what goes wrong into problems.</summary>
public sealed class SourceOpener(IStoreCatalog stores)
{
    /// <summary>The header of an input.</summary>
    /// <returns>Null when a problem was added.</returns>
    public async Task<SourceArray?> OpenInputAsync(
        string reference, string? identity, ICollection<Problem> problems, CancellationToken cancellationToken)
    {
        try
        {
            StoreLocation location = stores.Resolve(reference);
            if (await SequentialFiles.NeedIngestAsync(location, cancellationToken))
            {
                SequentialHeader header = await SequentialFiles.ReadHeaderAsync(location, cancellationToken);
                if (identity is not null && identity != header.Identity)
                    throw new ObjectChangedException($"{reference} has changed.");
                // Boxes are read from what it is ingested into.
                ArrayInfo info = header.Info;
                Dims chunk = SequentialFiles.ScratchLayout(reference, info.Shape, info.Type, info.Axes!, path: "", owner: "").Chunk;
                return new SourceArray(
                    reference, info, header.Identity, KeptBytes: 0,
                    box => ArrayReaders.PlainZarrOverheadBytes(box, chunk, info.Type), header);
            }

            await using IArrayReader reader = await ArrayReaders.OpenAsync(stores, reference, identity, cancellationToken);
            return new SourceArray(reference, reader.Info, reader.Identity, reader.KeptBytes, reader.ReadOverheadBytes);
        }
        catch (Exception error) when (ProblemOf("input", error) is Problem problem)
        {
            problems.Add(problem);
            return null;
        }
    }

    /// <summary>The ONNX node that a layer's weights name.</summary>
    /// <returns>Null where they name none; what is wrong with them is said when they are read.</returns>
    public async Task<OnnxNode?> FindNodeAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await OnnxNode.FindAsync(stores, reference, cancellationToken);
        }
        catch (Exception error) when (ProblemOf("", error) is not null)
        {
            return null;
        }
    }

    /// <summary>All elements of a small array (weights, a bias, slopes) as float32; every one must be finite.</summary>
    /// <returns>Null when a problem was added.</returns>
    public async Task<ParameterArray?> ReadParametersAsync(
        string field, string reference, ICollection<Problem> problems, CancellationToken cancellationToken)
    {
        try
        {
            return await ParameterArray.ReadAsync(stores, reference, identity: null, cancellationToken);
        }
        catch (Exception error) when (ProblemOf(field, error) is Problem problem)
        {
            problems.Add(problem);
            return null;
        }
    }

    /// <summary>What a person should read of an error that they can mend; null for any other.</summary>
    public static Problem? ProblemOf(string field, Exception error) => error switch
    {
        InvalidArrayException invalid => new Problem(field, invalid.Message, invalid.Hint),
        CorruptDataException or ObjectChangedException or IOException or UnauthorizedAccessException =>
            new Problem(field, error.Message),
        _ => null,
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Kernels;
using Upweave.Storage;
using Upweave.Storage.Stores;

namespace Upweave.Planning;

/// <summary>Keeps the plan of an output beside it.</summary>
public static class PlanStore
{
    /// <summary>The largest plan that is read, in bytes.</summary>
    public const int PlanBytesMax = 4 << 20;

    /// <summary>The plan that claims an output; null when none does.</summary>
    /// <exception cref="CorruptDataException">
    /// What lies there is not a plan, or (<see cref="UnknownPlanException"/>) of a version, its own or the arithmetic's, that is not known.
    /// </exception>
    public static async Task<JobPlan?> ReadAsync(StoreLocation output, CancellationToken cancellationToken)
    {
        ObjectInfo? info = await output.Store.StatAsync(JobPaths.Plan(output.Path), cancellationToken);
        return info is null ? null : await ReadAsync(output, info, cancellationToken);
    }

    /// <summary>The same for a plan that has been found.</summary>
    /// <exception cref="ObjectChangedException">It is another by now.</exception>
    public static async Task<JobPlan> ReadAsync(StoreLocation output, ObjectInfo info, CancellationToken cancellationToken)
    {
        string path = info.Path;
        if (info.Length > PlanBytesMax)
            throw new CorruptDataException($"{path} has {info.Length} bytes; a plan has at most {PlanBytesMax}.");
        byte[] bytes = new byte[info.Length];
        await output.Store.ReadAsync(path, 0, bytes, info.ETag, cancellationToken);
        try
        {
            return Parse(bytes);
        }
        catch (UnknownPlanException other)
        {
            throw new UnknownPlanException(
                $"{path}: {other.Message} {StartOver(output)}, or finish the job with the software that planned it");
        }
        catch (CorruptDataException error)
        {
            throw new CorruptDataException($"{path} is not a plan: {error.Message} {StartOver(output)}", error);
        }
    }

    /// <summary>Reads a plan and sees that it can be carried out.</summary>
    /// <exception cref="UnknownPlanException">It is of other software.</exception>
    /// <exception cref="CorruptDataException">It is none.</exception>
    public static JobPlan Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            PlanVersion? made = JsonSerializer.Deserialize<PlanVersion>(json, ContractJson.Options);
            if (made?.Version > JobPlan.CurrentVersion)
                throw new UnknownPlanException($"The plan is of version {made.Version}; this software knows {JobPlan.CurrentVersion}.");
            JobPlan? plan = JsonSerializer.Deserialize<JobPlan>(json, Reading);
            if (plan is not { Version: JobPlan.CurrentVersion })
                throw new CorruptDataException("It is empty, or of a version that never was.");
            if (plan.Layers.Count == 0 || plan.Layers.Contains(null!) || plan.Output.Pyramid?.Contains(null!) is true)
                throw new CorruptDataException("A layer or a level is missing.");
            if (plan.Hash != ContractJson.Hash(plan))
                throw HasUnknownFields(json) ? Newer(plan) : new CorruptDataException("It was changed after it was made.");
            if (plan.Arithmetic != DirectArithmetic.ArithmeticVersion)
            {
                // Tiles of two versions would differ in their last bits.
                throw new UnknownPlanException(
                    $"The plan follows version {plan.Arithmetic} of the arithmetic; this software computes version "
                    + $"{DirectArithmetic.ArithmeticVersion}.");
            }

            _ = new PlanGeometry(plan);
            return plan;
        }
        catch (JsonException error)
        {
            throw new CorruptDataException(error.Message, error);
        }
        catch (Exception error) when (error is ArgumentException or InvalidArrayException or ArithmeticException)
        {
            throw new CorruptDataException($"It asks for what cannot be: {error.Message}", error);
        }
    }

    /// <summary>Fields of a later version count in its hash and are not known here.</summary>
    private static bool HasUnknownFields(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonSerializer.Deserialize<JobPlan>(json, Strict);
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static UnknownPlanException Newer(JobPlan plan) =>
        new($"The plan of {plan.Software} says things that this software does not know.");

    /// <summary>What must be there is there, and not null.</summary>
    private static JsonSerializerOptions Reading { get; } = new(ContractJson.Options) { RespectNullableAnnotations = true };

    private static JsonSerializerOptions Strict { get; } =
        new(Reading) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>All that is read of a plan before it is known to be of this version.</summary>
    private sealed record PlanVersion(int Version);

    private static string StartOver(StoreLocation output) =>
        $"hint: delete the folder {JobPaths.Side(output.Path)} to start over";

    /// <summary>Gives a claim up; no error when there is none.</summary>
    /// <returns>False when the claim is another plan's, and stays.</returns>
    public static async ValueTask<bool> GiveUpAsync(StoreLocation output, string planHash, CancellationToken cancellationToken)
    {
        if (await output.Store.StatAsync(JobPaths.Plan(output.Path), cancellationToken) is not { } info)
            return true;
        try
        {
            return (await ReadAsync(output, info, cancellationToken)).Hash == planHash
                && await output.Store.DeleteAsync(info.Path, info.ETag, cancellationToken);
        }
        catch (Exception error) when (error is CorruptDataException or ObjectChangedException)
        {
            return false;
        }
    }

    /// <summary>Claims an output for a plan.</summary>
    /// <returns>False when another plan was there first.</returns>
    public static ValueTask<bool> ClaimAsync(StoreLocation output, JobPlan plan, CancellationToken cancellationToken) =>
        output.Store.WriteAsync(
            JobPaths.Plan(output.Path), JsonSerializer.SerializeToUtf8Bytes(plan, ContractJson.Options),
            WriteCondition.IfAbsent, cancellationToken);
}

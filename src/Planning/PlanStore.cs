using System.Text.Json;
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
    /// What lies there is not a plan, or of a version (its own, or the arithmetic's) that is not known.
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
            JobPlan? plan = JsonSerializer.Deserialize<JobPlan>(bytes, ContractJson.Options);
            if (plan is not { Version: JobPlan.CurrentVersion } || plan.Hash != ContractJson.Hash(plan))
                throw new CorruptDataException($"{path} is not a plan that this software knows. {StartOver(output)}");
            CheckArithmetic(output, plan, path);
            return plan;
        }
        catch (JsonException error)
        {
            throw new CorruptDataException($"{path} is not a plan: {error.Message} {StartOver(output)}", error);
        }
    }

    /// <summary>Tiles of two versions would differ in their last bits.</summary>
    private static void CheckArithmetic(StoreLocation output, JobPlan plan, string path)
    {
        if (plan.Arithmetic != DirectArithmetic.ArithmeticVersion)
        {
            throw new CorruptDataException(
                $"{path} follows version {plan.Arithmetic} of the arithmetic; this software computes version "
                + $"{DirectArithmetic.ArithmeticVersion}. {StartOver(output)}, or finish the job with the software that planned it");
        }
    }

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

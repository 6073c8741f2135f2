using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;
using Upweave.Storage.Stores;

namespace Upweave.Storage.Azure;

/// <summary>
/// What the service's errors mean. An outage is a <see cref="StoreUnavailableException"/> of one line, whatever number of tries the
/// SDK made; what is not known here stays as it is. Both count as transient: the caller will try again.
/// </summary>
internal static class AzureErrors
{
    private const int NoAnswer = 0;
    private const int RequestTimeout = 408;
    private const int TooManyRequests = 429;
    private const int ServerError = 500;
    private const int Unauthorized = 401;
    private const int Forbidden = 403;
    private const int NotFound = 404;
    private const int PreconditionFailed = 412;
    private const int RangeNotSatisfiable = 416;

    public static bool IsMissing(RequestFailedException failed) => failed.Status == NotFound;

    public static bool IsMissingContainer(RequestFailedException failed) => failed.ErrorCode == BlobErrorCode.ContainerNotFound;

    public static bool IsBeyondTheEnd(RequestFailedException failed) => failed.Status == RangeNotSatisfiable;

    public static bool IsDenied(RequestFailedException failed) => failed.Status is Unauthorized or Forbidden;

    /// <summary>
    /// The If-Match or If-None-Match of a request does not hold. A lease refuses with 412 too, and is no condition of ours.
    /// </summary>
    public static bool IsCondition(RequestFailedException failed) =>
        failed.ErrorCode == BlobErrorCode.BlobAlreadyExists
        || failed.ErrorCode == BlobErrorCode.ConditionNotMet
        || failed.ErrorCode == BlobErrorCode.TargetConditionNotMet
        || (failed.Status == PreconditionFailed && failed.ErrorCode is null);

    /// <summary>
    /// The exception for the caller; null where there is none better. It never has the service's own text, which may quote what
    /// was signed.
    /// </summary>
    /// <param name="path">Path in the store.</param>
    public static Exception? Meaning(Exception error, string path, string container) => error switch
    {
        CredentialUnavailableException => new InvalidArrayException(
            $"No credential was found for the container '{container}', asked for '{path}'.",
            "sign in (az login), give the host a managed identity, or configure a SAS or a connection string"),
        RequestFailedException failed when IsDenied(failed) => new InvalidArrayException(
            $"The container '{container}' refuses access to '{path}' ({Code(failed)}).",
            "check the key, the SAS and its end, or the role (Storage Blob Data Contributor) of the configured store, and the clock"),
        RequestFailedException failed when IsMissingContainer(failed) => new InvalidArrayException(
            $"The container '{container}' of '{path}' does not exist.", "create it, or correct its name in the configuration"),
        RequestFailedException failed when IsOutage(failed) => new StoreUnavailableException(
            $"The container '{container}' failed at '{path}': {Reason(failed)}.", failed),
        RequestFailedException failed => Refusal(failed.ErrorCode, path, container),
        AggregateException tries when tries.InnerExceptions is [.., RequestFailedException last] => new StoreUnavailableException(
            $"The container '{container}' failed at '{path}' {tries.InnerExceptions.Count} times, the last time: {Reason(last)}.", tries),
        _ => null,
    };

    /// <summary>Nobody answered, or the service is not well; the SDK has tried again where it takes that to be of use.</summary>
    private static bool IsOutage(RequestFailedException failed) =>
        failed.Status is NoAnswer or RequestTimeout or TooManyRequests or >= ServerError;

    private static string Reason(RequestFailedException failed) =>
        failed.Status == NoAnswer ? failed.Message.ReplaceLineEndings(" ").TrimEnd('.') : Code(failed);

    private static InvalidArrayException? Refusal(string? code, string path, string container)
    {
        (string what, string hint)? refusal =
            code == BlobErrorCode.LeaseIdMissing
                ? ("is leased by somebody", "break the lease, or choose another path")
            : code == BlobErrorCode.BlobImmutableDueToPolicy
                ? ("is protected by a policy or a legal hold", "choose another path")
            : code == BlobErrorCode.InvalidBlobType
                ? ("is an append or page blob", "delete it, or choose another path")
            : code == BlobErrorCode.BlobArchived
                ? ("is archived", "bring it back to an online tier first")
            : code == BlobErrorCode.InvalidBlobOrBlock
                ? ("has uncommitted blocks of another program", "choose another path; such blocks vanish a week after the last was written")
            : code == BlobErrorCode.InvalidResourceName || code == BlobErrorCode.InvalidUri || code == BlobErrorCode.OutOfRangeInput
                ? ("cannot name a blob", "choose a shorter path of plain characters")
            : null;
        return refusal is { } said
            ? new InvalidArrayException($"'{path}' in the container '{container}' {said.what}.", said.hint)
            : null;
    }

    private static string Code(RequestFailedException failed) => $"{failed.Status} {failed.ErrorCode}".TrimEnd();
}

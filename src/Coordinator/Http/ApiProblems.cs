using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Upweave.Contracts;

namespace Upweave.Coordinator.Http;

/// <summary>What the API answers instead of what was asked for: everything that is wrong.</summary>
internal sealed record ApiProblems
{
    public required IReadOnlyList<Problem> Problems { get; init; }

    public static JsonHttpResult<ApiProblems> Of(int status, params IReadOnlyList<Problem> problems) =>
        TypedResults.Json(new ApiProblems { Problems = problems }, statusCode: status);
}

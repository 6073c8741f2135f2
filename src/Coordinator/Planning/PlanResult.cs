using Upweave.Contracts;
using Upweave.Contracts.Plans;

namespace Upweave.Coordinator.Planning;

/// <summary>A plan, or everything that is wrong with the specification.</summary>
/// <param name="Plan">Null when there are problems.</param>
public sealed record PlanResult(JobPlan? Plan, IReadOnlyList<Problem> Problems);

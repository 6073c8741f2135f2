using System.CommandLine;
using Upweave.Cli.Arrays;
using Upweave.Cli.Hosting;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Plans;
using Upweave.Coordinator.Planning;

namespace Upweave.Cli.Commands;

/// <summary><c>plan</c>: shows what a job would do, and does nothing.</summary>
internal static class PlanCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("plan", "Show what a job would do: shapes, tiles, bytes, FLOPs, memory");
        JobOptions options = new();
        options.AddTo(command);
        SettingsOptions settings = new SettingsOptions().AddStoresTo(command);
        Option<bool> json = CommonOptions.Json();
        command.Options.Add(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            Reporter reporter = new(terminal, result.GetValue(json));
            List<Problem> problems = [];
            ReferenceCatalog stores = settings.ReadStores(result, problems);
            JobRequest request = (await JobRequest.ReadAsync(options, result, cancellationToken)).With(problems);
            if (request.Problems.Count > 0 || request.Specification is null)
                return reporter.Refuse(await Planner.AllProblemsAsync(request, stores, cancellationToken));
            PlanResult planned = await Planner.PlanAsync(request.Specification, request.Bounds, stores, cancellationToken);
            return planned.Plan is JobPlan plan
                ? reporter.Succeed(plan, PlanReport.Create(plan, request.Bounds))
                : reporter.Refuse(planned.Problems);
        });
        return command;
    }
}

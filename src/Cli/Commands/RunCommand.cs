using System.CommandLine;
using Upweave.Cli.Arrays;
using Upweave.Cli.Hosting;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Contracts.Messages;
using Upweave.Contracts.Specification;

namespace Upweave.Cli.Commands;

/// <summary><c>run</c>: runs a job in this process.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("run", "Apply a transposed convolution to an array or picture");
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
            if (!request.CanBeSubmitted)
                return reporter.Refuse(await Planner.AllProblemsAsync(request, stores, cancellationToken));
            IProgressView view = View(terminal, result.GetValue(json));
            return await RunAsync(request.Specification!, request.Bounds, stores, view, reporter, cancellationToken);
        });
        return command;
    }

    /// <summary>Runs a job and reports how it ended.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        JobSpecification specification, WorkerBounds bounds, ReferenceCatalog stores, IProgressView view, Reporter reporter,
        CancellationToken cancellationToken)
    {
        JobOutcome outcome = await JobRunner.RunAsync(specification, bounds, stores, view, cancellationToken);
        if (outcome.Rejected is not null)
            return reporter.Refuse(outcome.Rejected);
        if (outcome.Failed is JobFailed failed)
            return reporter.Fail(EndReport.Reason(failed));
        JobCompleted completed = outcome.Completed!;
        return reporter.Succeed(completed, RunReport.Create(completed, bounds.Slots, outcome.Device));
    }

    /// <summary>A bar where someone looks; a program that asked for JSON gets lines.</summary>
    public static IProgressView View(Terminal terminal, bool json) =>
        terminal.ErrorIsTerminal && !json ? new BarProgress(terminal.Error) : new PlainProgress(terminal.Error);
}

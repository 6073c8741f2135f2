using System.CommandLine;
using Upweave.Cli.Arrays;
using Upweave.Cli.Options;
using Upweave.Cli.Rendering;
using Upweave.Contracts;
using Upweave.Coordinator.Housekeeping;

namespace Upweave.Cli.Commands;

/// <summary><c>gc</c>: removes what abandoned jobs have left in a store.</summary>
internal static class GcCommand
{
    private const string AgeAtFirst = "7d";

    public static Command Create(Terminal terminal)
    {
        Command command = new("gc", "Remove claims, scratch and staged parts of jobs that were abandoned; published outputs stay");
        Argument<string?> folder = CommonOptions.Reference(
            "FOLDER", "Where the outputs of jobs lie: STORE, STORE/PREFIX or a folder", ArgumentArity.ExactlyOne);
        Option<string?> age = new("--older-than")
        {
            HelpName = AgeAtFirst,
            Description = "Leave jobs alone that a coordinator had in this time, paused or not; 0s where none is up any more "
                + $"[default: {AgeAtFirst}]",
        };
        Option<bool> dryRun = new("--dry-run") { Description = "Say what would be removed, and remove nothing" };
        Option<bool> json = CommonOptions.Json();
        command.Arguments.Add(folder);
        command.Options.Add(age);
        command.Options.Add(dryRun);
        SettingsOptions settings = new SettingsOptions().AddStoresTo(command);
        command.Options.Add(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            Reporter reporter = new(terminal, result.GetValue(json));
            List<Problem> problems = [];
            string text = result.GetValue(age) ?? AgeAtFirst;
            if (AgeText.Parse(text) is not { } olderThan)
            {
                problems.Add(new Problem(age.Name, $"'{text}' cannot be read.", "give " + AgeText.Expected));
                return reporter.Refuse(problems);
            }

            if (olderThan > TimeSpan.Zero && olderThan < GarbageCollector.AgeMin)
            {
                problems.Add(new Problem(
                    age.Name, $"'{text}' is less than {GarbageCollector.AgeMin.TotalMinutes:0}m: a job at work might look older.",
                    "give more; or 0s, when no coordinator is up: it removes what jobs at work have done as well"));
                return reporter.Refuse(problems);
            }

            ReferenceCatalog stores = settings.ReadStores(result, problems);
            if (problems.Count > 0)
                return reporter.Refuse(problems);
            GarbageCollector collector = new(olderThan, result.GetValue(dryRun));
            GarbageReport report = await collector.RunAsync(stores.ResolveFolder(result.GetValue(folder)!), cancellationToken);
            return reporter.Succeed(report, () => GcReport.Write(report, terminal));
        });
        return command;
    }
}

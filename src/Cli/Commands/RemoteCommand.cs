using System.CommandLine;
using Upweave.Cli.Options;
using Upweave.Cli.Remote;
using Upweave.Cli.Settings;
using Upweave.Contracts;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Commands;

/// <summary>What the commands about a job have in common: its name, and a coordinator that answers.</summary>
internal sealed class RemoteCommand
{
    private readonly Argument<string?> job;
    private readonly Option<bool> json = CommonOptions.Json();
    private readonly SettingsOptions settings;

    /// <param name="arity">Of the job: one, or one at most.</param>
    public RemoteCommand(string name, string description, ArgumentArity arity)
    {
        Command = new Command(name, description);
        job = CommonOptions.Reference("JOB", "Identity of a job, or the beginning of it", arity);
        Command.Arguments.Add(job);
        settings = new SettingsOptions().AddBrokerTo(Command);
        Command.Options.Add(json);
    }

    public Command Command { get; }

    /// <summary>What the command says when nobody answers.</summary>
    public static string Unanswered { get; } =
        $"No coordinator answered in {JobClient.AnswerTime.TotalSeconds:0} s. hint: start one, or try again when it is less busy";

    /// <summary>The job as it was typed; null when none was.</summary>
    public string? Job(ParseResult result) => result.GetValue(job);

    public bool WantsJson(ParseResult result) => result.GetValue(json);

    public BrokerAddress Broker(ParseResult result) => settings.ReadBroker(result);

    /// <summary>The identity of the job that was typed.</summary>
    /// <returns>Null when a problem was added.</returns>
    /// <exception cref="BrokerException">It is the beginning of one, and no coordinator says which jobs there are.</exception>
    public async Task<Guid?> FindAsync(
        ParseResult result, JobClient jobs, ICollection<Problem> problems, CancellationToken cancellationToken)
    {
        string text = Job(result)!;
        if (JobReference.Whole(text) is { } whole)
            return whole;
        JobList list = await jobs.ListAsync(cancellationToken) ?? throw new BrokerException(Unanswered);
        return JobReference.Find(text, list.Jobs, problems);
    }
}

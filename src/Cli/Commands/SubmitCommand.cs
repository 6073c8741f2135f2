using System.CommandLine;
using Upweave.Cli.Options;
using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Cli.Settings;

namespace Upweave.Cli.Commands;

/// <summary><c>submit</c>: hands a job to a coordinator.</summary>
internal static class SubmitCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("submit", "Submit a job to a coordinator over RabbitMQ; paths are STORE/PATH of its stores");
        JobOptions options = new();
        options.AddSpecificationTo(command);
        Option<bool> wait = new("--wait") { Description = "Show the progress and wait for the end" };
        Option<string?> id = new("--id")
        {
            HelpName = "GUID",
            Description = "Identity of the job [default: a new one]; sent again while it runs, it is the same job",
        };
        command.Options.Add(wait);
        command.Options.Add(id);
        SettingsOptions settings = new SettingsOptions().AddBrokerTo(command);
        Option<bool> json = CommonOptions.Json();
        command.Options.Add(json);
        command.SetAction(async (result, cancellationToken) =>
        {
            Reporter reporter = new(terminal, result.GetValue(json));
            SubmitRequest request = await SubmitRequest.ReadAsync(options, id, result, cancellationToken);
            if (request.Problems.Count > 0)
                return reporter.Refuse(request.Problems);
            BrokerAddress broker = settings.ReadBroker(result);
            JobSubmission submission = new(broker, request, terminal, reporter);
            return result.GetValue(wait)
                ? await submission.RunAsync(RunCommand.View(terminal, result.GetValue(json)), cancellationToken)
                : await submission.SendAsync(cancellationToken);
        });
        return command;
    }
}

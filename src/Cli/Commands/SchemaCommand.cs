using System.CommandLine;
using Upweave.Contracts;

namespace Upweave.Cli.Commands;

/// <summary><c>schema</c>: the JSON Schema of a job's specification.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        Command command = new("schema", "Print the JSON Schema of a job's specification, for editors and other languages");
        command.SetAction(async (_, _) =>
        {
            await terminal.Out.WriteAsync(ContractJson.SpecificationSchema);
            return ExitCodes.Success;
        });
        return command;
    }
}

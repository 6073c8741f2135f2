using Upweave.Cli.Settings;
using Upweave.Cli.Tests.Support;

namespace Upweave.Cli.Tests;

/// <summary>No error repeats what may be a secret, wherever it was typed.</summary>
public sealed class SecretsTests
{
    public static TheoryData<string[], int> Mistakes => new()
    {
        { ["status", "--broker", "amqp://user:SECRET@127.0.0.1:1/"], 1 },
        { ["watch", "3f2a", "--broker", "amqps://user:SECRET@127.0.0.1:1/vhost", "--json"], 1 },
        { ["cancel", "3f2a", "--broker", "amqp://user:SEC@RET/SECRET@127.0.0.1:1/"], 2 },
        { ["submit", "a", "b", "--preset", "linear", "--broker", "http://user:SECRET@127.0.0.1:1/"], 2 },
        { ["submit", "a", "b", "--preset", "linear", "--broker", "user:SECRET"], 2 },
        { ["submit", "a", "b", "amqp://user:SECRET@127.0.0.1:1/"], 2 },
        { ["status", "a", "amqp://user:SECRET@127.0.0.1:1/"], 2 },
        { ["inspect", "a.npy", "--store", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=SECRET=="], 2 },
        { ["inspect", "a.npy", "--store", "https://a.example.org/c?sig=SECRET"], 2 },
        { ["inspect", "a.npy", "--json", "--store", "no/name=SECRET"], 2 },
        { ["copy", "a.npy", "b.npy", "AccountName=a;AccountKey=SECRET=="], 2 },
        { ["run", "a.npy", "data/b.npy", "--preset", "linear", "--store", "SECRET"], 2 },
        { ["run", "a.npy", "data/b.npy", "--preset", "linear", "--store", "data=/SECRET"], 2 },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Run_MistakeBesideASecret_DoesNotRepeatIt(string[] arguments, int exitCode)
    {
        CommandLineRun run = await CommandLineRun.RunAsync(arguments);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.NotEmpty(run.ErrorLines);
        Assert.DoesNotContain("SECRET", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("at amqp://u:p@host:5672/v is", "at amqp://***@host:5672/v is")]
    [InlineData("amqp://u:p@ss/w@rd@host", "amqp://***@host")]
    [InlineData("AccountName=a;AccountKey=k==;Container=c", "AccountName=a;AccountKey=***;Container=c")]
    [InlineData("https://a/c?sv=1&sig=abc%3D", "https://a/c?sv=1&sig=***")]
    [InlineData("write amqp://user:password@host:5672/", "write amqp://user:password@host:5672/")]
    [InlineData("data/x.npy", "data/x.npy")]
    public void Mask_Text_LosesItsSecretOnly(string text, string expected) => Assert.Equal(expected, Secrets.Mask(text));
}

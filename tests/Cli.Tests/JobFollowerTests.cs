using Upweave.Cli.Remote;
using Upweave.Cli.Rendering;
using Upweave.Cli.Tests.Support;
using Upweave.Contracts.Messages;

namespace Upweave.Cli.Tests;

/// <summary>Following a job through silence and lost connections.</summary>
public sealed class JobFollowerTests : IProgressSink
{
    private static readonly BrokerLostException Lost = new("The connection to the broker at host:5672 was lost: gone");

    private readonly List<long> tiles = [];
    private readonly List<string> notes = [];

    void IProgressSink.Report(JobProgressed progress) => tiles.Add(progress.TilesDone);

    void IProgressSink.Report(TileFailed failure) => notes.Add(failure.Message);

    void IProgressSink.Note(string text) => notes.Add(text);

    [Fact]
    public async Task Follow_Events_AreShownUntilTheEnd()
    {
        FakeLink link = new([Heard.Progress(1), Heard.Progress(4), Heard.Completed, Heard.Progress(9)], []);
        Assert.Same(Heard.Completed, await FollowAsync(link));
        Assert.Equal([1, 4], tiles);
        Assert.Empty(notes);
    }

    [Fact]
    public async Task Follow_Silence_AsksForTheState()
    {
        FakeLink link = new([Heard.Progress(1), null, Heard.Cancelled], [Heard.Status(JobState.Running)]);
        Assert.Same(Heard.Cancelled, await FollowAsync(link));
        Assert.Equal([1, 3], tiles);
        Assert.Equal(1, link.Questions);
    }

    [Fact]
    public async Task Follow_EndThatNobodySaw_IsTheState()
    {
        JobStatus status = Heard.Status(JobState.Failed, reason: "disk full");
        Assert.Same(status, await FollowAsync(new FakeLink([null], [status])));
    }

    [Fact]
    public async Task Follow_CoordinatorStartedAnew_KnowsTheJobNoMore() =>
        Assert.Same(Heard.Unknown, await FollowAsync(new FakeLink([null], [Heard.Unknown])));

    [Fact]
    public async Task Follow_LostConnection_ConnectsAgainAndAsks()
    {
        FakeLink link = new([Heard.Progress(1), Lost, Heard.Completed], [Heard.Status(JobState.Running)]) { Refusals = 2 };
        Assert.Same(Heard.Completed, await FollowAsync(link));
        Assert.Equal((3, 1), (link.Connections, link.Questions));
        Assert.Equal([1, 3], tiles);
        Assert.Equal(2, notes.Count);
    }

    [Fact]
    public async Task Follow_BrokerGoneForGood_GivesUpAndSaysHowToGoOn()
    {
        FakeLink link = new([Lost], []) { Refusals = int.MaxValue };
        BrokerException error = await Assert.ThrowsAsync<BrokerException>(() => FollowAsync(link));
        Assert.Equal(3, link.Connections);
        Assert.Contains($"upweave watch {Heard.Job}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follow_NobodyAnswers_GivesUp()
    {
        FakeLink link = new([], []);
        BrokerException error = await Assert.ThrowsAsync<BrokerException>(() => FollowAsync(link));
        Assert.Equal(JobFollower.UnansweredMax, link.Questions);
        Assert.Contains("No coordinator", error.Message, StringComparison.Ordinal);
        Assert.Single(notes);
    }

    [Fact]
    public void Pauses_OfItself_AreBounded() =>
        Assert.Equal(TimeSpan.FromMinutes(1), new JobFollower(new FakeLink([], []), Heard.Job, this).Pauses.Aggregate((sum, pause) => sum + pause));

    private Task<object> FollowAsync(FakeLink link) =>
        new JobFollower(link, Heard.Job, this) { Pauses = new TimeSpan[3] }.FollowAsync(TestContext.Current.CancellationToken);
}

using Upweave.Coordinator.Insight;

namespace Upweave.Coordinator.Tests.Insight;

public sealed class ThroughputTests
{
    [Fact]
    public void Steps_OfALongRun_StayFewAndLoseNothing()
    {
        Throughput throughput = new();
        for (int second = 0; second < 100_000; second++)
        {
            throughput.Add(TimeSpan.FromSeconds(second + 0.5), 2);
        }

        IReadOnlyList<long> steps = throughput.Steps(TimeSpan.FromSeconds(100_000));
        Assert.InRange(steps.Count, Throughput.StepsMax / 2, Throughput.StepsMax);
        Assert.Equal(200_000, steps.Sum());
        Assert.Equal(1024, throughput.StepSeconds);
        Assert.Equal(2, throughput.Rate(TimeSpan.FromSeconds(100_000)), 0.1);
    }

    [Fact]
    public void Rate_IsThatOfTheLastSeconds()
    {
        Throughput throughput = new();
        for (int second = 0; second < 60; second++)
        {
            throughput.Add(TimeSpan.FromSeconds(second + 0.5), second < 30 ? 100 : 4);
        }

        Assert.Equal(4, throughput.Rate(TimeSpan.FromSeconds(60)), 0.1);
        Assert.Equal(0, throughput.Rate(TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public void Rate_OfAYoungRun_IsThatOfAllOfIt()
    {
        Throughput throughput = new();
        throughput.Add(TimeSpan.FromSeconds(0.2), 3);
        Assert.Equal(6, throughput.Rate(TimeSpan.FromSeconds(0.5)));
        Assert.Equal(0, throughput.Rate(TimeSpan.Zero));
    }
}

namespace Upweave.Tiling.Tests;

public sealed class AxisLayoutTests
{
    [Theory]
    [InlineData(1, 1, "x")]
    [InlineData(2, 1, "cx")]
    [InlineData(3, 1, "ncx")]
    [InlineData(2, 2, "yx")]
    [InlineData(3, 2, "cyx")]
    [InlineData(4, 2, "ncyx")]
    [InlineData(3, 3, "zyx")]
    [InlineData(4, 3, "czyx")]
    [InlineData(5, 3, "nczyx")]
    public void FromRank_RankThatFits_NamesTheAxes(int rank, int spatialRank, string axes)
    {
        AxisLayout layout = AxisLayout.FromRank(rank, spatialRank)!.Value;
        Assert.Equal((axes, rank, rank - spatialRank), (layout.Axes, layout.Rank, layout.Leading));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(5, 2)]
    public void FromRank_RankThatDoesNotFit_IsNull(int rank, int spatialRank) =>
        Assert.Null(AxisLayout.FromRank(rank, spatialRank));

    [Fact]
    public void Parts_BatchAndChannels_AreFound()
    {
        AxisLayout layout = new(HasBatch: true, HasChannels: true, SpatialRank: 2);
        Dims shape = [2, 3, 40, 50];
        Assert.Equal((2L, 3L), (layout.Batch(shape), layout.Channels(shape)));
        Assert.Equal([40, 50], layout.Spatial(shape));
        Assert.Equal(new Box([7, 8], [40, 50]), layout.Spatial(new Box([1, 0, 7, 8], shape)));
        Assert.Equal(shape, layout.Join(2, 3, [40, 50]));
        Assert.Equal(new Box([1, 0, 7, 8], [1, 3, 4, 5]), layout.Join(1, 3, new Box([7, 8], [4, 5])));
    }

    [Fact]
    public void Parts_ChannelsOnly_BatchIsOne()
    {
        AxisLayout layout = new(HasBatch: false, HasChannels: true, SpatialRank: 1);
        Assert.Equal((1L, 3L), (layout.Batch([3, 50]), layout.Channels([3, 50])));
        Assert.Equal([3, 50], layout.Join(1, 3, [50]));
        Assert.Equal(new Box([0, 7], [3, 5]), layout.Join(0, 3, new Box([7], [5])));
    }

    [Fact]
    public void Parts_BatchOnly_ChannelsAreOne()
    {
        AxisLayout layout = new(HasBatch: true, HasChannels: false, SpatialRank: 2);
        Assert.Equal(("nyx", 3), (layout.Axes, layout.Rank));
        Assert.Equal((4L, 1L), (layout.Batch([4, 5, 6]), layout.Channels([4, 5, 6])));
        Assert.Equal([4, 5, 6], layout.Join(4, 1, [5, 6]));
        Assert.Equal(new Box([2, 7, 8], [1, 3, 4]), layout.Join(2, 1, new Box([7, 8], [3, 4])));
    }

    [Fact]
    public void Parts_SpaceOnly_BatchAndChannelsAreOne()
    {
        AxisLayout layout = new(HasBatch: false, HasChannels: false, SpatialRank: 3);
        Dims shape = [4, 5, 6];
        Assert.Equal((1L, 1L), (layout.Batch(shape), layout.Channels(shape)));
        Assert.Equal(shape, layout.Spatial(shape));
        Assert.Equal(shape, layout.Join(1, 1, shape));
        Assert.Equal(Box.Whole(shape), layout.Join(0, 1, Box.Whole(shape)));
    }
}

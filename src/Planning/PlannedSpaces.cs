using Upweave.Contracts.Plans;
using Upweave.Storage.Arrays;

namespace Upweave.Planning;

/// <summary>A space in a plan and out of it.</summary>
public static class PlannedSpaces
{
    public static PlannedSpace? Write(ArraySpace? space) => space is null ? null : new PlannedSpace
    {
        Axes = space.Axes,
        Affine = space.Affine,
        Units = space.Units,
        Frame = space.Frame,
        GeoKeys = space.Georeference?.Keys.Select(key => (int)key).ToList(),
        GeoDoubles = space.Georeference?.Doubles,
        GeoText = space.Georeference?.Text,
        NoData = space.Georeference?.NoData,
    };

    public static ArraySpace? Read(PlannedSpace? space) => space is null ? null : new ArraySpace
    {
        Axes = space.Axes,
        Affine = space.Affine,
        Units = space.Units,
        Frame = space.Frame,
        Georeference = space.GeoKeys is null ? null : new GeoReference
        {
            Keys = [.. space.GeoKeys.Select(key => (ushort)key)],
            Doubles = space.GeoDoubles ?? [],
            Text = space.GeoText ?? "",
            NoData = space.NoData,
        },
    };
}

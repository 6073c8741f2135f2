using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Upweave.EndToEnd.Tests.Distributed;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using static Microsoft.Playwright.Assertions;
using static Upweave.EndToEnd.Tests.Page.JobPageView;

namespace Upweave.EndToEnd.Tests.Page;

/// <summary>The job page as people use it: in a browser, with jobs that really run.</summary>
[Collection(ServersCollection.Name)]
public sealed class JobPageTests(ServersFixture servers, Browser browser, HeavyJob job)
    : IClassFixture<Browser>, IClassFixture<HeavyJob>, IAsyncLifetime
{
    private static readonly LocatorAssertionsToBeVisibleOptions Visible = new() { Timeout = Browser.PatienceMs };
    private static readonly LocatorAssertionsToHaveTextOptions Text = new() { Timeout = Browser.PatienceMs };
    private static readonly LocatorAssertionsToHaveAttributeOptions Attribute = new() { Timeout = Browser.PatienceMs };

    private readonly TestFolder folder = new();
    private readonly List<string> complaints = [];
    private Deployment deployment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        deployment = await Deployment.StartAsync(servers, workers: 1, coordinatorLock: null);
        foreach (string file in new[] { "x.npy", "w.npy" })
        {
            await deployment.SucceedAsync(folder, $"copy {job.At(file)} data/{file}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Job_FromTheListToItsEnd_IsShownAsItGoesOn()
    {
        await SubmitAsync("results/y.zarr", tile: 48);
        IPage page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "results/y.zarr" }).ClickAsync();
        ILocator map = Map(page);
        await Expect(map).ToHaveAttributeAsync("aria-label", new Regex(@"121 cells: \d+ waiting, \d+ done, \d+ with workers\. "), Attribute);
        string early = await PixelsAsync(page);
        Assert.InRange(await ColoursAsync(page), 3, 60); // waiting, done and with workers; lines between
        await Expect(page.Locator(".figures")).ToContainTextAsync("tiles/");
        await Browser.KeepAsync(page, "running");
        await Expect(State(page)).ToHaveTextAsync("completed", Text);
        await Expect(map).ToHaveAttributeAsync("aria-label", new Regex("121 cells: 121 done"), Attribute);
        Assert.NotEqual(early, await PixelsAsync(page));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeHiddenAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Slowest tiles" })).ToBeVisibleAsync();

        // Colours are chosen by keyboard too, and each looks its own way.
        string byState = await PixelsAsync(page);
        await page.GetByRole(AriaRole.Radio, new() { Name = "state" }).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "worker" })).ToBeCheckedAsync();
        string byWorker = await PixelsAsync(page);
        await page.Keyboard.PressAsync("ArrowRight");
        string byDuration = await PixelsAsync(page);
        Assert.Equal(3, new[] { byState, byWorker, byDuration }.Distinct().Count());
        await Browser.KeepAsync(page, "completed-duration");
        await map.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("#map-cell")).ToHaveTextAsync(new Regex("^Tile 11 · done · "), Text);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Cancel_ByKeyboardAlone_EndsTheJob()
    {
        await SubmitAsync("results/y.npy", tile: 8);
        IPage page = await OpenAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "results/y.npy" })).ToBeVisibleAsync(Visible);
        await TabToAsync(page, "results/y.npy");
        string facts = await page.Locator(".job .facts").InnerTextAsync();
        await Expect(page.Locator(".job .facts")).Not.ToHaveTextAsync(facts, Text); // the job goes on, and the focus stays
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pause" })).ToBeVisibleAsync(Visible);
        await TabToAsync(page, "Pause");
        await page.Keyboard.PressAsync("Enter");
        await Expect(State(page)).ToHaveTextAsync("paused", Text);
        await TabToAsync(page, "Resume");
        await page.Keyboard.PressAsync("Enter");
        await Expect(State(page)).ToHaveTextAsync("running: compute", Text);
        await TabToAsync(page, "Cancel…");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(State(page)).ToHaveTextAsync("running: compute", Text);
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, "Cancel the job");
        await page.Keyboard.PressAsync("Enter");
        await Expect(State(page)).ToHaveTextAsync("cancelled", Text);
        Assert.DoesNotContain(await BlobView.NamesAsync(deployment, "results"), name => name.StartsWith("y.npy", StringComparison.Ordinal));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task FailedTile_IsShownWithItsErrorAndTriedAgain()
    {
        await deployment.SucceedAsync(folder, $"copy {job.At("x.npy")} data/x.zarr --format chunk=100,shard=false");
        string chunk = (await BlobView.NamesAsync(deployment, "data")).First(name => name.StartsWith("x.zarr/c", StringComparison.Ordinal));
        await BlobView.WriteAsync(deployment, $"data/{chunk}", "spoiled");
        await deployment.RunAsync(folder, "submit data/x.zarr results/bad.zarr --preset nearest --scale 2,2 --tile 100");
        IPage page = await OpenAsync(width: 390, height: 844);
        await page.GetByRole(AriaRole.Link, new() { Name = "results/bad.zarr" }).ClickAsync();
        await Expect(State(page)).ToHaveTextAsync("failed", Text);
        ILocator failures = page.GetByRole(AriaRole.Region, new() { Name = "Failed tiles" });
        await Expect(failures).ToContainTextAsync(chunk);
        await Expect(failures).ToContainTextAsync("corrupt");
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex("100 cells: 96 done, 4 failed"), Attribute);
        await AssertFitsAsync(page);
        await Browser.AssertAccessibleAsync(page);
        await Browser.KeepAsync(page, "failed-phone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Retry" }).ClickAsync();
        await Expect(page.Locator(".figures")).ToContainTextAsync("tiles");
        await Expect(State(page)).ToHaveTextAsync("failed", Text);
        Assert.Empty(complaints);
    }

    /// <summary>A worker draws the input; what is done of the output is clear, the rest is veiled.</summary>
    [Fact]
    public async Task Picture_OfTheInput_LiesBehindTheMap()
    {
        await folder.SucceedAsync("demo");
        await deployment.SucceedAsync(folder, "copy upweave-demo/input.png data/fractal.png");
        await deployment.SucceedAsync(folder, "submit data/fractal.png results/fractal-4x.zarr --preset lanczos3 --scale 4 --tile 512");
        IPage page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "results/fractal-4x.zarr" }).ClickAsync();
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex(@"\b[5-9]\d done"), Attribute);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Expect(State(page)).ToHaveTextAsync("paused", Text);
        await UntilAsync(page, ColoursOfMap + " > 500");
        await Browser.KeepAsync(page, "picture");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await Browser.KeepAsync(page, "picture-dark");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Expect(State(page)).ToHaveTextAsync("completed", Text);

        // What the worker had drawn is gone with the job's remains, and a page that is opened now has it all the same.
        Assert.DoesNotContain(await BlobView.NamesAsync(deployment, "results"), name => name.Contains(".upweave/", StringComparison.Ordinal));
        await page.ReloadAsync();
        await UntilAsync(page, ColoursOfMap + " > 500");
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Volume_IsShownSliceBySlice()
    {
        const int Depth = 24, Side = 96;
        byte[] ball = [.. Enumerable.Range(0, Depth * Side * Side).Select(at => (byte)Math.Max(
            0, 255 - (4 * (int)Math.Sqrt(Square((4 * (at / Side / Side)) - 48) + Square((at / Side % Side) - 48) + Square((at % Side) - 40)))))];
        folder.Write("ball.npy", NpyArray.UInt8([Depth, Side, Side], ball));
        await deployment.SucceedAsync(folder, "copy ball.npy data/ball.npy");
        await deployment.SucceedAsync(folder, "submit data/ball.npy results/ball.zarr --preset linear --scale 2,2,2 --tile 8,48,48 --wait");
        IPage page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "results/ball.zarr" }).ClickAsync();
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex("16 cells: 16 done"), Attribute);
        ILocator slice = page.GetByRole(AriaRole.Slider, new() { Name = "Slice" });
        await Expect(page.Locator("output")).ToHaveTextAsync("z 0:8", Text);
        await UntilAsync(page, ColoursOfMap + " > 10");
        string first = await PixelsAsync(page);
        await slice.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await Expect(page.Locator("output")).ToHaveTextAsync("z 24:32", Text);
        Assert.NotEqual(first, await PixelsAsync(page));
        await Browser.KeepAsync(page, "volume");
        Assert.Empty(complaints);

        static int Square(int number) => number * number;
    }

    /// <summary>The tiles of each resolution, chosen by keyboard, while they wait for the one before and when they are done.</summary>
    [Fact]
    public async Task Pyramid_EachLevelHasAMap()
    {
        await deployment.SucceedAsync(
            folder, $"submit {HeavyJob.StoreArguments("data/", "results/y.ome.zarr")} --tile 48 --format pyramid,chunk=16");
        IPage page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "results/y.ome.zarr" }).ClickAsync();
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex("^Map of tiles, 121 cells: "), Attribute);
        await TabToAsync(page, "full: 3 × 500 × 500");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex("^Map of tiles of level 1, 36 cells: 36 waiting"), Attribute);
        string waiting = await PixelsAsync(page);
        await Browser.KeepAsync(page, "pyramid-running");

        // The choice stays while the job goes on.
        await Expect(State(page)).ToHaveTextAsync("completed", Text);
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex("^Map of tiles of level 1, 36 cells: 36 done"), Attribute);
        Assert.NotEqual(waiting, await PixelsAsync(page));
        await Map(page).FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("#map-cell")).ToHaveTextAsync(new Regex("^Tile 6 · done · "), Text);
        await page.GetByLabel("Resolution").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex("^Map of tiles of level 2, 9 cells: 9 done"), Attribute);
        await page.Keyboard.PressAsync("Home");
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex("^Map of tiles, 121 cells: 121 done"), Attribute);
        await Browser.AssertAccessibleAsync(page);
        await page.SetViewportSizeAsync(360, 800);
        await UntilFitsAsync(page);
        await Browser.AssertAccessibleAsync(page);
        await Browser.KeepAsync(page, "pyramid-phone");
        Assert.Empty(complaints);
    }

    [Theory]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    public async Task Phone_NothingIsCutOff(int width, ColorScheme scheme)
    {
        await SubmitAsync("results/a-name-that-is-rather-long-for-a-phone-and-has-no-place-to-break.zarr", tile: 48);
        IPage page = await browser.OpenAsync(deployment.Coordinator.Address, width, 844, scheme, complaints);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "results/a-name" })).ToBeVisibleAsync(Visible);
        await AssertFitsAsync(page);
        await Browser.AssertAccessibleAsync(page);
        await Browser.KeepAsync(page, $"list-phone-{scheme}");
        await page.GetByRole(AriaRole.Link, new() { Name = "results/a-name" }).ClickAsync();
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex("done"), Attribute);
        await AssertFitsAsync(page);
        await Browser.AssertAccessibleAsync(page);
        await Browser.KeepAsync(page, $"job-phone-{scheme}");
        Assert.Empty(complaints);
    }

    /// <summary>Bounded by cells, however many tiles there are, for the coordinator and for the browser.</summary>
    [Fact]
    public async Task MillionTiles_PageStaysQuick()
    {
        folder.Write("many.npy", NpyArray.UInt8([2000, 2000], new byte[4_000_000]));
        await deployment.SucceedAsync(folder, "copy many.npy data/many.npy");
        await deployment.SucceedAsync(folder, "submit data/many.npy results/many.zarr --preset nearest --scale 2,2 --tile 4 --format chunk=4,compression=none");
        IPage page = await OpenAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "results/many.zarr" }).ClickAsync();
        await Expect(page.Locator(".figures")).ToContainTextAsync("of 1,000,000", new() { Timeout = Browser.PatienceMs });
        await Expect(Map(page)).ToHaveAttributeAsync("aria-label", new Regex(@"62,500 cells: .* with workers"), Attribute);
        long start = Stopwatch.GetTimestamp();
        await Map(page).FocusAsync();
        for (int step = 0; step < 20; step++)
        {
            await page.Keyboard.PressAsync(step % 2 == 0 ? "ArrowRight" : "ArrowDown");
        }

        await Expect(page.Locator("#map-cell")).ToHaveTextAsync(new Regex(@"^Row 40, column 36: "), Text);
        TimeSpan taken = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine($"20 steps in {taken.TotalMilliseconds:F0} ms");
        Assert.InRange(taken, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await Browser.KeepAsync(page, "million");
        Assert.InRange(deployment.Coordinator.PeakMemory, 1, 300L << 20);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the job" }).ClickAsync();
        await Expect(State(page)).ToHaveTextAsync("cancelled", Text);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Token_IsAskedForAndKept()
    {
        const string Token = "a token of the tests";
        string shown = Token.Replace(' ', '-');
        await SubmitAsync("results/y.zarr", tile: 48);
        await deployment.RestartCoordinatorAsync(Cancelled, ("Upweave__Coordinator__Token", shown));
        IPage page = await browser.OpenAsync(deployment.Coordinator.Address);
        ILocator field = page.GetByLabel("Token", new() { Exact = true });
        await Expect(field).ToBeVisibleAsync(Visible);
        await field.FillAsync("not it");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("That is not its token", new() { Timeout = Browser.PatienceMs });
        await field.FillAsync(shown);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("No jobs are running")).ToBeVisibleAsync(Visible);
        await page.ReloadAsync();
        await Expect(page.GetByText("No jobs are running")).ToBeVisibleAsync(Visible);
        Assert.DoesNotContain(shown, page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain(shown, deployment.Coordinator.Log, StringComparison.Ordinal);
    }

    private Task<IPage> OpenAsync(int width = 1280, int height = 900) =>
        browser.OpenAsync(deployment.Coordinator.Address, width, height, complaints: complaints);

    private Task<UpweaveResult> SubmitAsync(string output, int tile) =>
        deployment.SucceedAsync(folder, $"submit {HeavyJob.StoreArguments("data/", output)} --tile {tile}");
}

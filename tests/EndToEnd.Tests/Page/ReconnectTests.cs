using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Upweave.EndToEnd.Tests.Distributed;
using Upweave.EndToEnd.Tests.Servers;
using Upweave.EndToEnd.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace Upweave.EndToEnd.Tests.Page;

/// <summary>A page that stays open while the coordinator behind it is lost, and while it stands by.</summary>
[Collection(ServersCollection.Name)]
public sealed class ReconnectTests(ServersFixture servers, Browser browser, HeavyJob job)
    : IClassFixture<Browser>, IClassFixture<HeavyJob>, IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private Deployment deployment = null!;

    public async ValueTask InitializeAsync()
    {
        deployment = await Deployment.StartAsync(servers, workers: 1, coordinatorLock: "data/coordinator.lock");
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

    /// <summary>The active one is killed, the other takes over, the first comes back as the one that stands by, and becomes active again.</summary>
    [Fact]
    public async Task Coordinator_LostAndBack_PageGoesOn()
    {
        LocatorAssertionsToHaveTextOptions patient = new() { Timeout = Browser.PatienceMs };
        IPage page = await browser.OpenAsync(deployment.Coordinator.Address);
        await deployment.SucceedAsync(folder, $"submit {HeavyJob.StoreArguments("data/", "results/y.zarr")} --tile 48");
        await page.GetByRole(AriaRole.Link, new() { Name = "results/y.zarr" }).ClickAsync();
        ILocator link = page.Locator("#link");
        await Expect(link).ToHaveTextAsync("live", patient);
        await Expect(page.Locator(".map canvas")).ToHaveAttributeAsync("aria-label", new Regex("done"), new() { Timeout = Browser.PatienceMs });
        await deployment.Coordinator.KillAsync(TestContext.Current.CancellationToken);
        await Expect(link).ToHaveTextAsync("connecting again…", patient);
        await deployment.RestartCoordinatorAsync(TestContext.Current.CancellationToken);
        await Expect(link).ToHaveTextAsync(new Regex("stands by"), patient);
        await deployment.Standby!.WaitForLogAsync(Deployment.IsActive, TestContext.Current.CancellationToken);

        // The other's page shows the job, which goes on there.
        IPage other = await browser.OpenAsync(new Uri(deployment.Standby.Address, page.Url[(page.Url.LastIndexOf('/') - 6)..]));
        await Expect(other.Locator(".title .pill")).ToHaveTextAsync("completed", patient);

        // And the page that stayed open lives again as soon as its coordinator is the active one.
        await deployment.Standby.KillAsync(TestContext.Current.CancellationToken);
        await Expect(page.Locator(".banner.failed")).ToContainTextAsync("No job", new() { Timeout = Browser.PatienceMs });
        await page.GetByRole(AriaRole.Link, new() { Name = "Jobs" }).ClickAsync();
        await Expect(link).ToHaveTextAsync("live", patient);
        await deployment.SucceedAsync(folder, $"submit {HeavyJob.StoreArguments("data/", "results/again.zarr")} --tile 48");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "results/again.zarr" })).ToBeVisibleAsync(new() { Timeout = Browser.PatienceMs });
    }
}

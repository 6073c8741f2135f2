using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Upweave.Tests.Servers;

namespace Upweave.EndToEnd.Tests.Page;

/// <summary>A real browser without a window. What a page complains of on its console is kept.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Patience with what a page is to show, which may be the end of a job; as much as with commands.</summary>
    public const float PatienceMs = 180_000;

    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    public async ValueTask InitializeAsync()
    {
        string program = Environment.GetEnvironmentVariable("UPWEAVE_TEST_CHROMIUM") ?? OnPath.Find("chromium") ?? OnPath.Find("google-chrome")
            ?? throw new InvalidOperationException("No chromium on the PATH. hint: run tests/install-browser, or name one in UPWEAVE_TEST_CHROMIUM");
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            // In containers there is often no other sandbox to be had; it only sees our own page.
            Args = ["--no-sandbox", "--disable-gpu"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
    }

    /// <summary>Opens a page in a session of its own.</summary>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="complaints">Gets what the page writes as errors to its console.</param>
    public async Task<IPage> OpenAsync(
        Uri address, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, List<string>? complaints = null)
    {
        IBrowserContext session = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            DeviceScaleFactor = 2,
            Locale = "en-GB",
        });
        session.SetDefaultTimeout(PatienceMs);
        IPage page = await session.NewPageAsync();
        page.PageError += (_, error) => complaints?.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints?.Add(message.Text);
        };
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>Nothing is in the way of people who use the page by keyboard, by a screen reader, or see little contrast: by axe's rules.</summary>
    public static async Task AssertAccessibleAsync(IPage page)
    {
        AxeResult result = await page.RunAxe();
        Assert.True(
            result.Violations.Length == 0,
            string.Join('\n', result.Violations.SelectMany(rule => rule.Nodes.Select(node => $"{rule.Id}: {rule.Help}\n    {node.Html}"))));
    }

    /// <summary>Keeps a picture of the page where <c>UPWEAVE_TEST_SCREENSHOTS</c> names a folder: people look at them.</summary>
    public static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("UPWEAVE_TEST_SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}

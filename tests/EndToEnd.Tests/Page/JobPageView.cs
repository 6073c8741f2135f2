using Microsoft.Playwright;

namespace Upweave.EndToEnd.Tests.Page;

/// <summary>What the tests look at, and how they get about, on the page of a job.</summary>
internal static class JobPageView
{
    public static ILocator Map(IPage page) => page.Locator(".map canvas");

    public static ILocator State(IPage page) => page.Locator(".title .pill");

    /// <summary>What the map looks like.</summary>
    public static Task<string> PixelsAsync(IPage page) => page.EvaluateAsync<string>("document.querySelector('.map canvas').toDataURL()");

    /// <summary>How many colours the map has.</summary>
    public const string ColoursOfMap = """
        (canvas => new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size)(
            document.querySelector('.map canvas'))
        """;

    public static Task<int> ColoursAsync(IPage page) => page.EvaluateAsync<int>(ColoursOfMap);

    public static async Task AssertFitsAsync(IPage page) =>
        Assert.True(await page.EvaluateAsync<bool>(IsWithin), "The page is wider than the window.");

    /// <summary>After the window has become narrower: the page hears of it when it is drawn next.</summary>
    public static Task UntilFitsAsync(IPage page) => UntilAsync(page, IsWithin);

    private const string IsWithin = "document.documentElement.scrollWidth <= innerWidth";

    /// <summary>
    /// Asks until it is so. Playwright's own waiting evaluates text within the page where it is not so at once, and the page's policy forbids
    /// that.
    /// </summary>
    /// <exception cref="TimeoutException">It was not.</exception>
    public static async Task UntilAsync(IPage page, string condition)
    {
        using CancellationTokenSource bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromMilliseconds(Browser.PatienceMs));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await page.EvaluateAsync<bool>(condition))
            {
                await timer.WaitForNextTickAsync(bound.Token);
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not in time: {condition}");
        }
    }

    /// <summary>Presses Tab until what has the focus begins with a text.</summary>
    public static async Task TabToAsync(IPage page, string text)
    {
        for (int presses = 0; presses < 40; presses++)
        {
            await page.Keyboard.PressAsync("Tab");
            if ((await page.EvaluateAsync<string>("document.activeElement.textContent")).StartsWith(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"No way by Tab to '{text}'.");
    }
}

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

    public static async Task AssertFitsAsync(IPage page) => Assert.True(
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The page is wider than the window.");

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

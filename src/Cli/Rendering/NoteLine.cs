using Spectre.Console;
using Spectre.Console.Rendering;

namespace Upweave.Cli.Rendering;

/// <summary>
/// A text above a bar that is drawn over and over. What was there is erased first: the library leaves a rest of the bar behind a text
/// of several lines.
/// </summary>
internal sealed class NoteLine(string text) : Renderable
{
    /// <summary>ANSI: erase from here to the end of the screen.</summary>
    private const string EraseBelow = "\e[J";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [Segment.Control(EraseBelow), .. ((IRenderable)new Text(text)).Render(options, maxWidth), Segment.LineBreak];
}

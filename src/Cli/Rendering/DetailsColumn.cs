using Spectre.Console;
using Spectre.Console.Rendering;

namespace Upweave.Cli.Rendering;

/// <summary>The words behind a progress bar.</summary>
internal sealed class DetailsColumn : ProgressColumn
{
    private volatile string text = "";

    /// <summary>Set by the work, read by the thread that draws.</summary>
    public string Text
    {
        get => text;
        set => text = value;
    }

    protected override bool NoWrap => true;

    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(Text);
}

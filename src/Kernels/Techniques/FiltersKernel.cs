using System.Runtime.CompilerServices;
using Upweave.Kernels.Lanes;
using Upweave.Kernels.Phases;
using Upweave.Tiling;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// For each pass and group: the input is packed; then for each set of phases and block of lanes all chunks and taps go
/// over all positions of the pass, a tap over those that have it, so that the few kilobytes of weights of one block of
/// the sum stay in the first-level cache meanwhile. Finished totals get bias and activation and go to their places.
/// </summary>
internal sealed unsafe class FiltersKernel<TVector, TLanes> : IConvTransposeKernel
    where TVector : struct
    where TLanes : struct, ILanes<TVector>
{
    private readonly ConvTransposeLayer layer;
    private readonly FiltersLayout layout;
    private readonly AlignedBuffer weights;
    private readonly AlignedBuffer biases;

    public FiltersKernel(string technique, FiltersLayout layout, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias)
    {
        Technique = technique;
        this.layout = layout;
        layer = layout.Layer;
        this.weights = new AlignedBuffer(checked(sizeof(float) * layout.PackedLength));
        biases = new AlignedBuffer(checked(2 * sizeof(float) * layout.BiasLength));
        FiltersPacking packing = new(layout);
        packing.PackBias(bias, biases.Floats);
        packing.PackBias(Slopes(layout.Layer), biases.Floats[(int)layout.BiasLength..]);
        fixed (float* packed = this.weights.Floats)
            packing.Pack(weights, packed);
    }

    public string Technique { get; }

    public void Dispose()
    {
        weights.Dispose();
        biases.Dispose();
    }

    public void Compute(
        ReadOnlySpan<float> input, Box inputBox, Span<float> output, Box outputBox, int batch, Span<float> workspace,
        CancellationToken cancellationToken)
    {
        KernelArguments.CheckCall(
            layer, input.Length, inputBox, output.Length, outputBox, batch, workspace.Length, FiltersPlan.WorkspaceLength);
        if (output.IsEmpty)
            return;
        BoxView box = new(inputBox, outputBox);
        FiltersPlan plan = new(layout, box, batch);
        FiltersRange arrayZ = Present(inputBox, 0), arrayY = Present(inputBox, 1), arrayX = Present(inputBox, 2);
        fixed (float* inputs = input, outputs = output, work = workspace, packed = weights.Floats, bias = biases.Floats)
        {
            Call call = new(box, inputs, outputs, FiltersPlan.Align(work), packed, bias, (arrayZ, arrayY, arrayX), plan.UsesPanel);
            for (int item = 0; item < batch; item += plan.PassItems)
            {
                int items = Math.Min(plan.PassItems, batch - item);
                foreach (FiltersRange z in plan.Z.Parts(plan.PassZ))
                {
                    foreach (FiltersRange y in plan.Y.Parts(plan.PassY))
                    {
                        foreach (FiltersRange x in plan.X.Parts(plan.PassX))
                            ComputePass(call, new Pass(item, items, z, y, x), cancellationToken);
                    }
                }
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Positions of an axis that are read: in the array, where the border is zeros, and in the box.</summary>
    private FiltersRange Present(Box inputBox, int axis)
    {
        int missing = 3 - inputBox.Rank;
        FiltersRange inBox = axis < missing
            ? new FiltersRange(0, 1)
            : new FiltersRange(inputBox.Origin[axis - missing], inputBox.End(axis - missing));
        return layer.Border == Border.Zero ? inBox.Intersect(new FiltersRange(0, layout.Input[axis])) : inBox;
    }

    private void ComputePass(in Call call, in Pass pass, CancellationToken cancellationToken)
    {
        FiltersRange z = call.Present.Z.Intersect(new FiltersRange(pass.Z.First + layout.Z.LowestOffset, pass.Z.End));
        FiltersRange y = call.Present.Y.Intersect(new FiltersRange(pass.Y.First + layout.Y.LowestOffset, pass.Y.End));
        FiltersRange x = call.Present.X.Intersect(new FiltersRange(pass.X.First + layout.X.LowestOffset, pass.X.End));
        for (int group = 0; group < layer.Groups; group++)
        {
            nint channel = ((nint)pass.Item * layer.InputChannels) + ((nint)group * layer.InputChannelsPerGroup);
            FiltersSource source = new(
                call.Inputs + (channel * call.Box.InputChannelStride), call.UsesPanel ? FiltersPlan.Panel(call.Work) : null,
                call.Box, pass.Items, layer.InputChannels, layout.Chunk, z, y, x);
            if (call.UsesPanel && !source.IsEmpty)
                source.Pack(layer.InputChannelsPerGroup);
            for (int setZ = 0; setZ < layout.Z.Sets; setZ++)
            {
                for (int setY = 0; setY < layout.Y.Sets; setY++)
                {
                    for (int setX = 0; setX < layout.X.Sets; setX += layout.SetsPerRow)
                        ComputeSets(call, pass, source, new FiltersSet(setZ, setY, setX), group, cancellationToken);
                }
            }
        }
    }

    /// <summary>One set, or all sets along x in the order of their outputs.</summary>
    private void ComputeSets(
        in Call call, in Pass pass, in FiltersSource source, FiltersSet set, int group, CancellationToken cancellationToken)
    {
        FiltersRange z = layout.Z.Positions(set.Z, pass.Z, call.Box.OutputZ, call.Box.Planes);
        FiltersRange y = layout.Y.Positions(set.Y, pass.Y, call.Box.OutputY, call.Box.Rows);
        if (z.Count == 0 || y.Count == 0)
            return;
        int count = layout.SetsPerRow;
        int first = count > 1 ? layout.X.FirstPhase(pass.X, call.Box.OutputX) : set.X;
        FiltersSites* sites = stackalloc FiltersSites[count];
        int* lists = FiltersPlan.Lists(call.Work);
        int width = 0;
        for (int index = 0; index < count; index++)
        {
            FiltersSet one = set with { X = count > 1 ? (first + index) % count : set.X };
            FiltersRange x = layout.X.Positions(one.X, pass.X, call.Box.OutputX, call.Box.Width);
            width = index == 0 ? x.Count : width;
            if (x.Count == 0 && index == 0)
                return;
            sites[index] = new FiltersSites(layout, one, source, pass.Items, z, y, x, width, lists);
            lists = sites[index].End;
        }

        FiltersStore store = new(layout, sites, call.Box, call.Outputs, pass.Item, lists);
        ComputeBlocks(call, source, store, group, cancellationToken);
    }

    private void ComputeBlocks(
        in Call call, in FiltersSource source, in FiltersStore store, int group, CancellationToken cancellationToken)
    {
        for (int block = 0; block < layout.Blocks; block++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            FiltersAhead ahead = store.Ahead(group, block);
            for (int index = 0; index < layout.SetsPerRow; index++)
            {
                ref readonly FiltersSites sites = ref store.Sites[index];
                float* packed = call.Packed + layout.PackedOffset(sites.Set, group, block);
                float* totals = call.Work + ((index + 1) * store.ArrayLength);
                float* chains = call.Work + ((layout.SetsPerRow + 1) * store.ArrayLength);
                ComputeBlock(sites, source, ahead, index * layout.Chunks, layout.IsHalf(block), packed, totals, call.Work, chains);
            }

            float* bias = call.Bias + (((group * layout.Blocks) + block) * layout.Lanes);
            store.Write<TVector, TLanes>(call.Work, bias, bias + layout.BiasLength, group, block);
        }
    }

    /// <summary>The totals of one block of lanes, [position][lane]; the others are sums of a chunk and of a few taps.</summary>
    private void ComputeBlock(
        in FiltersSites sites, in FiltersSource source, in FiltersAhead ahead, int part, bool isHalf, float* packed, float* totals,
        float* subtotals, float* chains)
    {
        new Span<float>(totals, sites.Places * layout.Lanes).Clear();
        for (int chunk = 0; chunk < layout.Chunks; chunk++)
        {
            ahead.AskForOutput(part + chunk);
            int channels = Math.Min(layout.Chunk, layer.InputChannelsPerGroup - (chunk * layout.Chunk));
            float* x = source.First + (chunk * source.ChunkStride);
            if (layout.TapsPerBlock > 1)
                AddTapsInFours(sites, x, packed, totals, subtotals, chains);
            else
                AddTaps(sites, x, source.ChannelStep, channels, isHalf, packed, totals, subtotals);
            packed += (nint)sites.Taps * channels * layout.Lanes;
        }
    }

    /// <summary>
    /// Where all positions have the first tap, it sets the subtotals; where all have the last, it closes them.
    /// </summary>
    private void AddTaps(
        in FiltersSites sites, float* x, nint step, int channels, bool isHalf, float* packed, float* totals, float* subtotals)
    {
        int last = sites.Taps - 1;
        int length = sites.Places * layout.Lanes;
        nint tapLength = (nint)channels * layout.Lanes;
        if (last <= 0)
        {
            if (last == 0)
                Run(sites, 0, x, step, channels, isHalf, packed, new FiltersSums(null, totals, true));
            return;
        }

        bool opens = sites.ListCount(0) == sites.Count;
        bool closes = sites.ListCount(last) == sites.Count;
        if (!opens)
            new Span<float>(subtotals, length).Clear();
        Run(sites, 0, x, step, channels, isHalf, packed, new FiltersSums(null, subtotals, !opens));
        for (int tap = 1; tap < last; tap++)
            Run(sites, tap, x, step, channels, isHalf, packed + (tap * tapLength), new FiltersSums(null, subtotals, true));
        if (closes)
        {
            Run(sites, last, x, step, channels, isHalf, packed + (last * tapLength), new FiltersSums(subtotals, totals, true));
        }
        else
        {
            Run(sites, last, x, step, channels, isHalf, packed + (last * tapLength), new FiltersSums(null, subtotals, true));
            AddRow(subtotals, totals, length);
        }
    }

    private static void Run(
        in FiltersSites sites, int tap, float* x, nint step, int channels, bool isHalf, float* packed, in FiltersSums sums)
    {
        if (isHalf)
            FiltersTiles<TVector, TLanes>.RunHalf(sites.List(tap), sites.ListCount(tap), x, step, channels, packed, sums);
        else
            FiltersTiles<TVector, TLanes>.Run(sites.List(tap), sites.ListCount(tap), x, step, channels, packed, sums);
    }

    /// <summary>One channel: a block of the sum is a chain over a few taps, whether or not a position has them.</summary>
    private void AddTapsInFours(in FiltersSites sites, float* x, float* packed, float* totals, float* subtotals, float* chains)
    {
        int length = sites.Places * layout.Lanes;
        new Span<float>(subtotals, length).Clear();
        for (int tap = 0; tap < sites.Taps; tap++)
        {
            if (tap % layout.TapsPerBlock == 0)
                new Span<float>(chains, length).Clear();
            FiltersTiles<TVector, TLanes>.Chain(
                sites.List(tap), sites.ListCount(tap), x, packed + ((nint)tap * layout.Lanes), chains);
            if (tap % layout.TapsPerBlock == layout.TapsPerBlock - 1 || tap == sites.Taps - 1)
                AddRow(chains, subtotals, length);
        }

        AddRow(subtotals, totals, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(float* source, float* target, int length)
    {
        for (float* end = target + length; target < end; target += TLanes.Count, source += TLanes.Count)
            TLanes.Store(TLanes.Add(TLanes.Load(target), TLanes.Load(source)), target);
    }

    /// <summary>One slope per output channel, where the activation has any.</summary>
    private static float[] Slopes(ConvTransposeLayer layer)
    {
        if (layer.Activation.Kind != ActivationKind.PRelu)
            return [];
        return [.. Enumerable.Range(0, layer.OutputChannels).Select(layer.Activation.Slope)];
    }

    /// <summary>What stays the same during one call.</summary>
    private readonly struct Call(
        BoxView box, float* inputs, float* outputs, float* work, float* packed, float* bias,
        (FiltersRange Z, FiltersRange Y, FiltersRange X) present, bool usesPanel)
    {
        public readonly BoxView Box = box;
        public readonly float* Inputs = inputs;
        public readonly float* Outputs = outputs;
        public readonly float* Work = work;
        public readonly float* Packed = packed;
        public readonly float* Bias = bias;
        public readonly (FiltersRange Z, FiltersRange Y, FiltersRange X) Present = present;
        public readonly bool UsesPanel = usesPanel;
    }

    /// <summary>Some batch items and a box of positions.</summary>
    private readonly record struct Pass(int Item, int Items, FiltersRange Z, FiltersRange Y, FiltersRange X);
}

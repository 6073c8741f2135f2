using Upweave.Kernels.Lanes;
using Two = Upweave.Kernels.Techniques.RowsSum<Upweave.Kernels.Techniques.RowsOne, Upweave.Kernels.Techniques.RowsOne>;
using One = Upweave.Kernels.Techniques.RowsOne;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The tiles there are for one vector width, and how rows and vectors are cut into them: up to 6 rows, with 1 to
/// <see cref="TileVectorsMost"/> vectors beside each other. Vectors of 512 bits come with 32 registers, so with up to 24 sums in
/// a tile; others with 16 and up to 12.
/// </summary>
internal sealed unsafe class RowsForms
{
    /// <summary>Vectors that are worked on at a time.</summary>
    public const int VectorsMost = 32;

    private const int RowsMost = 6;
    private const int Columns = 9;
    private const int LanesOfManyRegisters = 16;
    private readonly delegate*<float*, nint, nint, float*, int*, float*, int, bool, float*, nint, void>[] tiles =
        new delegate*<float*, nint, nint, float*, int*, float*, int, bool, float*, nint, void>[(RowsMost + 1) * Columns];

    private readonly (int Wide, int WideTiles, int NarrowTiles)[] cuts = new (int, int, int)[(RowsMost + 1) * (VectorsMost + 1)];

    private RowsForms(int lanes) => Lanes = lanes;

    /// <summary>Lanes per vector.</summary>
    public int Lanes { get; }

    /// <param name="bits">Bits per vector: 128, 256 or 512.</param>
    public static RowsForms Create(int bits)
    {
        RowsForms forms = new(bits / 32);
        if (bits == 512)
            forms.Fill<System.Runtime.Intrinsics.Vector512<float>, Lanes512>();
        else if (bits == 256)
            forms.Fill<System.Runtime.Intrinsics.Vector256<float>, Lanes256>();
        else
            forms.Fill<System.Runtime.Intrinsics.Vector128<float>, Lanes128>();
        forms.Cut();
        return forms;
    }

    /// <summary>All rows of one tap over a number of vectors.</summary>
    /// <param name="x">Of <paramref name="input"/>'s chunk of channels.</param>
    /// <param name="rows">Pairs as <see cref="RowsWideTile"/> wants them.</param>
    /// <param name="vectors">At most <see cref="VectorsMost"/>.</param>
    public void Run(float* x, ref RowsInput input, float* weights, int* rows, int count, float* totals, int vectors, bool add)
    {
        (nint xStride, nint channels) = (input.ChannelPitch, input.Channels);
        while (count > 0)
        {
            int take = RowsOf(count);
            (int wide, int wideTiles, int narrowTiles) = cuts[(take * (VectorsMost + 1)) + vectors];
            float* ahead = input.Ahead(take * wide * wideTiles, channels * wideTiles, out nint step);
            tiles[(take * Columns) + wide](x, xStride, channels, weights, rows, totals, wideTiles, add, ahead, step);
            if (narrowTiles > 0)
            {
                int done = wideTiles * wide * Lanes;
                ahead = input.Ahead(take * (wide - 1) * narrowTiles, channels * narrowTiles, out step);
                tiles[(take * Columns) + wide - 1](
                    x + done, xStride, channels, weights, rows, totals + done, narrowTiles, add, ahead, step);
            }

            rows += 2 * take;
            count -= take;
        }
    }

    private void Cut()
    {
        for (int rows = 1; rows <= RowsMost; rows++)
        {
            for (int vectors = 1; vectors <= VectorsMost; vectors++)
            {
                int tilesBeside = (vectors + TileVectorsMost(rows) - 1) / TileVectorsMost(rows);
                int wide = (vectors + tilesBeside - 1) / tilesBeside;
                int wideTiles = vectors - (tilesBeside * (wide - 1));
                cuts[(rows * (VectorsMost + 1)) + vectors] = (wide, wideTiles, tilesBeside - wideTiles);
            }
        }
    }

    /// <summary>Vectors beside each other in the widest tile of so many rows.</summary>
    private int TileVectorsMost(int rows) => Lanes < LanesOfManyRegisters ? FewVectorsMost(rows) : rows switch
    {
        1 or 2 or 3 => 8,
        4 => 6,
        _ => 4,
    };

    private static int FewVectorsMost(int rows) => rows switch
    {
        1 => 8,
        2 => 6,
        3 => 4,
        4 => 3,
        _ => 2,
    };

    /// <summary>Rows of the next tile: never one row alone behind others.</summary>
    private static int RowsOf(int count) => count is 7 or 8 ? 4 : Math.Min(count, RowsMost);

    private void Fill<TVector, TLanes>()
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
    {
        Fill<TVector, TLanes, One>(1);
        Fill<TVector, TLanes, Two>(2);
        Fill<TVector, TLanes, RowsSum<Two, One>>(3);
        Fill<TVector, TLanes, RowsSum<Two, Two>>(4);
        Fill<TVector, TLanes, RowsSum<Two, RowsSum<Two, One>>>(5);
        Fill<TVector, TLanes, RowsSum<Two, RowsSum<Two, Two>>>(6);
    }

    private void Fill<TVector, TLanes, TRows>(int rows)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TRows : struct, IRowsCount
    {
        Fill<TVector, TLanes, TRows, One>(rows, 1);
        Fill<TVector, TLanes, TRows, Two>(rows, 2);
        Fill<TVector, TLanes, TRows, RowsSum<Two, One>>(rows, 3);
        Fill<TVector, TLanes, TRows, RowsSum<Two, Two>>(rows, 4);
        Fill<TVector, TLanes, TRows, RowsSum<Two, RowsSum<Two, One>>>(rows, 5);
        Fill<TVector, TLanes, TRows, RowsSum<Two, RowsSum<Two, Two>>>(rows, 6);
        Fill<TVector, TLanes, TRows, RowsSum<Two, RowsSum<Two, RowsSum<Two, One>>>>(rows, 7);
        Fill<TVector, TLanes, TRows, RowsSum<Two, RowsSum<Two, RowsSum<Two, Two>>>>(rows, 8);
    }

    private void Fill<TVector, TLanes, TRows, TVectors>(int rows, int vectors)
        where TVector : struct
        where TLanes : struct, ILanes<TVector>
        where TRows : struct, IRowsCount
        where TVectors : struct, IRowsCount
    {
        if (vectors > TileVectorsMost(rows))
            return;
        tiles[(rows * Columns) + vectors] = vectors < rows
            ? &RowsTallTile.Run<TVector, TLanes, TRows, TVectors>
            : &RowsWideTile.Run<TVector, TLanes, TRows, TVectors>;
    }
}

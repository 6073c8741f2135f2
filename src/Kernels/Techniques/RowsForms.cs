using Upweave.Kernels.Lanes;
using Two = Upweave.Kernels.Techniques.RowsSum<Upweave.Kernels.Techniques.RowsOne, Upweave.Kernels.Techniques.RowsOne>;
using One = Upweave.Kernels.Techniques.RowsOne;

namespace Upweave.Kernels.Techniques;

/// <summary>
/// The tiles there are for one vector width, and how rows and vectors are cut into them: up to 6 rows, with 1 to
/// <see cref="VectorsMost"/> vectors beside each other.
/// </summary>
internal sealed unsafe class RowsForms
{
    private const int RowsMost = 6;
    private const int Columns = 9;
    private readonly delegate*<float*, nint, nint, float*, int*, float*, int, bool, void>[] tiles =
        new delegate*<float*, nint, nint, float*, int*, float*, int, bool, void>[(RowsMost + 1) * Columns];

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
        return forms;
    }

    /// <summary>All rows of one tap over a number of vectors.</summary>
    /// <param name="rows">Pairs as <see cref="RowsTile"/> wants them.</param>
    public void Run(
        float* x, nint xStride, int channels, float* weights, int* rows, int count, float* totals, int vectors, bool add)
    {
        while (count > 0)
        {
            int take = RowsOf(count);
            int tilesBeside = (vectors + VectorsMost(take) - 1) / VectorsMost(take);
            int wide = (vectors + tilesBeside - 1) / tilesBeside;
            int wideTiles = vectors - (tilesBeside * (wide - 1));
            tiles[(take * Columns) + wide](x, xStride, channels, weights, rows, totals, wideTiles, add);
            if (wideTiles < tilesBeside)
            {
                int done = wideTiles * wide * Lanes;
                tiles[(take * Columns) + wide - 1](
                    x + done, xStride, channels, weights, rows, totals + done, tilesBeside - wideTiles, add);
            }

            rows += 2 * take;
            count -= take;
        }
    }

    /// <summary>Vectors beside each other in the widest tile of so many rows.</summary>
    private static int VectorsMost(int rows) => rows switch
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
        int row = rows * Columns;
        tiles[row + 1] = &RowsTile.Run<TVector, TLanes, TRows, One>;
        tiles[row + 2] = &RowsTile.Run<TVector, TLanes, TRows, Two>;
        if (rows > 4)
            return;
        tiles[row + 3] = &RowsTile.Run<TVector, TLanes, TRows, RowsSum<Two, One>>;
        tiles[row + 4] = &RowsTile.Run<TVector, TLanes, TRows, RowsSum<Two, Two>>;
        tiles[row + 5] = &RowsTile.Run<TVector, TLanes, TRows, RowsSum<Two, RowsSum<Two, One>>>;
        tiles[row + 6] = &RowsTile.Run<TVector, TLanes, TRows, RowsSum<Two, RowsSum<Two, Two>>>;
        tiles[row + 7] = &RowsTile.Run<TVector, TLanes, TRows, RowsSum<Two, RowsSum<Two, RowsSum<Two, One>>>>;
        tiles[row + 8] = &RowsTile.Run<TVector, TLanes, TRows, RowsSum<Two, RowsSum<Two, RowsSum<Two, Two>>>>;
    }
}

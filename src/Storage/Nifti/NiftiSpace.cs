using Upweave.Storage.Arrays;

namespace Upweave.Storage.Nifti;

/// <summary>
/// Where elements lie: NIfTI's affine from indices (i,j,k) to (x,y,z), and ours, whose axes are the other way round. Of the three ways
/// in which a header may say it (nifti1.h, methods 1 to 3) the sform is taken before the qform before the distances.
/// </summary>
internal static class NiftiSpace
{
    private const string Letters = "xyz";

    /// <summary>NIFTI_XFORM_ALIGNED_ANAT: some world, that of the input.</summary>
    private const int Aligned = 2;

    /// <summary>By their codes, NIFTI_XFORM_*.</summary>
    private static readonly string?[] Frames = [null, "scanner", "aligned", "talairach", "mni", "template"];

    /// <param name="spatialRank">1 to 3: the axes that the array has of <c>zyx</c>.</param>
    public static ArraySpace Read(NiftiFields fields, int spatialRank)
    {
        (double[][] affine, long frame) = Find(fields);
        string axes = "zyx"[^spatialRank..];
        int[] order = [.. axes.Select(letter => Letters.IndexOf(letter, StringComparison.Ordinal))];
        string? unit = NiftiUnits.NameOf(fields.Integer(NiftiField.Units));
        return new ArraySpace
        {
            Axes = axes,
            Affine = [.. order.Select(row => (double[])[.. order.Select(column => affine[row][column]), affine[row][3]])],
            Units = [.. axes.Select(_ => unit)],
            Frame = frame < Frames.Length ? Frames[frame] : null,
        };
    }

    /// <summary>Puts a space into a header: as sform, with its distances and its unit.</summary>
    public static void Write(NiftiFields fields, ArraySpace space)
    {
        (int unit, double[] factors) = NiftiUnits.Common(space);
        double[][] affine = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]];
        for (int row = 0; row < factors.Length; row++)
        {
            double[] target = affine[Letters.IndexOf(space.Axes[row], StringComparison.Ordinal)];
            for (int column = 0; column < factors.Length; column++)
            {
                target[Letters.IndexOf(space.Axes[column], StringComparison.Ordinal)] = space.Affine[row][column] * factors[row];
            }

            target[3] = space.Affine[row][^1] * factors[row];
        }

        int frame = space.Frame is null ? -1 : Array.IndexOf(Frames, space.Frame);
        fields.Set(NiftiField.SFormCode, frame < 0 ? Aligned : frame);
        fields.Set(NiftiField.Units, unit);
        for (int axis = 0; axis < Letters.Length; axis++)
        {
            fields.SetReal(NiftiField.PixDim, Length(affine, axis), 1 + axis);
            for (int column = 0; column < 4; column++)
            {
                fields.SetReal(NiftiField.SForm, affine[axis][column], (4 * axis) + column);
            }
        }
    }

    private static (double[][] Affine, long Frame) Find(NiftiFields fields)
    {
        long sform = fields.Integer(NiftiField.SFormCode);
        if (sform > 0 && SForm(fields) is { } rows)
            return (rows, sform);
        long qform = fields.Integer(NiftiField.QFormCode);
        return qform > 0 && QForm(fields) is { } rotation ? (rotation, qform) : (Distances(fields), 0);
    }

    private static double[][]? SForm(NiftiFields fields) => Proper(
        Rows((row, column) => fields.Real(NiftiField.SForm, (4 * row) + column)));

    /// <summary>The rotation of the quaternion (a,b,c,d), a = sqrt(1 - b^2 - c^2 - d^2) (nifti1.h, method 2).</summary>
    private static double[][]? QForm(NiftiFields fields)
    {
        double b = fields.Real(NiftiField.Quaternion, 0);
        double c = fields.Real(NiftiField.Quaternion, 1);
        double d = fields.Real(NiftiField.Quaternion, 2);
        double a = 1 - ((b * b) + (c * c) + (d * d));
        const double roundingMax = 1e-7;
        if (a < roundingMax)
        {
            double length = Math.Sqrt((b * b) + (c * c) + (d * d));
            (a, b, c, d) = (0, b / length, c / length, d / length);
        }
        else
        {
            a = Math.Sqrt(a);
        }

        double[][] rotation =
        [
            [(a * a) + (b * b) - (c * c) - (d * d), 2 * ((b * c) - (a * d)), 2 * ((b * d) + (a * c))],
            [2 * ((b * c) + (a * d)), (a * a) + (c * c) - (b * b) - (d * d), 2 * ((c * d) - (a * b))],
            [2 * ((b * d) - (a * c)), 2 * ((c * d) + (a * b)), (a * a) + (d * d) - (b * b) - (c * c)],
        ];
        double handed = fields.Real(NiftiField.PixDim) < 0 ? -1 : 1;
        return Proper(Rows((row, column) => column == 3
            ? fields.Real(NiftiField.QFormOffset, row)
            : rotation[row][column] * Distance(fields, column) * (column == 2 ? handed : 1)));
    }

    private static double[][] Distances(NiftiFields fields) => Rows((row, column) => column == row ? Distance(fields, row) : 0);

    /// <summary>Of neighbours along an axis; 1 where the header says nothing.</summary>
    private static double Distance(NiftiFields fields, int axis)
    {
        double distance = Math.Abs(fields.Real(NiftiField.PixDim, 1 + axis));
        return double.IsFinite(distance) && distance > 0 ? distance : 1;
    }

    private static double[][] Rows(Func<int, int, double> cell) =>
        [.. Letters.Select((_, row) => (double[])[.. Enumerable.Range(0, 4).Select(column => cell(row, column))])];

    /// <summary>Null for what is no place: numbers that are none, or an axis along which nothing moves.</summary>
    private static double[][]? Proper(double[][] affine) =>
        affine.All(row => row.All(double.IsFinite)) && Letters.Index().All(axis => Length(affine, axis.Index) > 0) ? affine : null;

    private static double Length(double[][] affine, int axis) => Math.Sqrt(affine.Sum(row => row[axis] * row[axis]));
}

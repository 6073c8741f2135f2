using System.Globalization;
using System.Text;
using System.Xml;
using Upweave.Storage.Arrays;

namespace Upweave.Storage.Tiff;

/// <summary>Writes the OME-XML of a file with one image (openmicroscopy.org/Schemas/OME/2016-06). All of it is ASCII.</summary>
internal static class OmeXml
{
    private const string Namespace = "http://www.openmicroscopy.org/Schemas/OME/2016-06";
    private const string ProvenanceNamespace = "upweave/provenance";
    private const string ProvenanceId = "Annotation:0";

    public static string Write(TiffShape shape, OutputLayout layout, string software)
    {
        StringBuilder text = new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        // What ASCII has not, becomes references to characters.
        using MemoryStream bytes = new();
        XmlWriterSettings settings = new() { Encoding = Encoding.ASCII, OmitXmlDeclaration = true };
        using (XmlWriter xml = XmlWriter.Create(bytes, settings))
        {
            xml.WriteStartElement("OME", Namespace);
            xml.WriteAttributeString(
                "xsi", "schemaLocation", "http://www.w3.org/2001/XMLSchema-instance", $"{Namespace} {Namespace}/ome.xsd");
            xml.WriteAttributeString("Creator", software);
            xml.WriteStartElement("Image");
            xml.WriteAttributeString("ID", "Image:0");
            xml.WriteAttributeString("Name", layout.Path.Split('/')[^1]);
            WritePixels(xml, shape, layout.Space);
            if (layout.Provenance is not null)
                WriteElement(xml, "AnnotationRef", ("ID", ProvenanceId));
            xml.WriteEndElement();
            if (layout.Provenance is { } provenance)
                WriteProvenance(xml, provenance);
            xml.WriteEndElement();
        }

        return text.Append(Encoding.ASCII.GetString(bytes.GetBuffer(), 0, (int)bytes.Length)).ToString();
    }

    private static void WritePixels(XmlWriter xml, TiffShape shape, ArraySpace? space)
    {
        xml.WriteStartElement("Pixels");
        xml.WriteAttributeString("ID", "Pixels:0");
        xml.WriteAttributeString("DimensionOrder", "XYZCT");
        xml.WriteAttributeString("Type", TiffRules.OmeType(shape.Type));
        xml.WriteAttributeString("BigEndian", "false");
        (string Axis, long Extent)[] sizes =
            [("X", shape.Width), ("Y", shape.Height), ("Z", shape.Depth), ("C", shape.Channels), ("T", shape.Batch)];
        foreach ((string axis, long extent) in sizes)
        {
            xml.WriteAttributeString($"Size{axis}", Text(extent));
        }

        for (int axis = 0; axis < space?.Axes.Length; axis++)
        {
            WritePhysicalSize(xml, char.ToUpperInvariant(space.Axes[axis]), Math.Abs(space.Scale[axis]), space.Units[axis]);
        }

        for (long channel = 0; channel < shape.Channels; channel++)
        {
            WriteElement(xml, "Channel", ("ID", $"Channel:0:{Text(channel)}"), ("SamplesPerPixel", "1"));
        }

        WriteElement(xml, "TiffData", ("IFD", "0"), ("PlaneCount", Text(shape.Pages)));
        xml.WriteEndElement();
    }

    /// <summary>A size without a unit would be taken for micrometres: one of unknown unit is in that of the frame of reference.</summary>
    private static void WritePhysicalSize(XmlWriter xml, char axis, double size, string? unit)
    {
        if (!double.IsFinite(size) || size <= 0)
            return;
        xml.WriteAttributeString($"PhysicalSize{axis}", size.ToString("R", CultureInfo.InvariantCulture));
        xml.WriteAttributeString($"PhysicalSize{axis}Unit", LengthUnits.Find(unit)?.Ome ?? "reference frame");
    }

    private static void WriteProvenance(XmlWriter xml, string provenance)
    {
        xml.WriteStartElement("StructuredAnnotations");
        xml.WriteStartElement("CommentAnnotation");
        xml.WriteAttributeString("ID", ProvenanceId);
        xml.WriteAttributeString("Namespace", ProvenanceNamespace);
        xml.WriteElementString("Value", Namespace, provenance);
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteElement(XmlWriter xml, string name, params (string Name, string Value)[] attributes)
    {
        xml.WriteStartElement(name, Namespace);
        foreach ((string attribute, string value) in attributes)
        {
            xml.WriteAttributeString(attribute, value);
        }

        xml.WriteEndElement();
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Text.Json.Serialization;

namespace Upweave.Contracts.Messages;

/// <summary>What kind of error a tile failed with, which decides whether it is tried again.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TileErrorKind>))]
public enum TileErrorKind
{
    /// <summary>It may go away: input or output of the store failed. Tried again.</summary>
    [JsonStringEnumMemberName("transient")]
    Transient,

    /// <summary>The request cannot be met; never tried again.</summary>
    [JsonStringEnumMemberName("invalid")]
    Invalid,

    /// <summary>Stored bytes contradict their format; never tried again.</summary>
    [JsonStringEnumMemberName("corrupt")]
    Corrupt,
}

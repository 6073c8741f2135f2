namespace Upweave.EndToEnd.Tests.Support;

/// <summary>A command that must be refused.</summary>
/// <param name="CommandLine">Run in a folder of <see cref="BadInputFiles"/>.</param>
/// <param name="Problems">
/// What each line of the error stream must say, in any order; the parts of one line are separated by <c>|</c>.
/// </param>
public sealed record BadInput(string CommandLine, params string[] Problems);

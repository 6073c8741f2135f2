namespace Upweave.Storage.Tests.Tensors;

/// <summary>Changes a good file's bytes, and cuts it short: reading gives an array or an error that a person can read.</summary>
internal static class Damage
{
    private const int Times = 1500;

    public static async Task TryAsync(TestFolder folder, string good, string name, string member)
    {
        byte[] whole = await File.ReadAllBytesAsync(good, TestContext.Current.CancellationToken);
        Random random = new(23);
        int errors = 0;
        for (int time = 0; time < Times; time++)
        {
            byte[] damaged = [.. whole];
            for (int change = random.Next(3); change >= 0; change--)
            {
                damaged[random.Next(whole.Length)] = (byte)random.Next(256);
            }

            folder.Write(name, time % 4 == 0 ? damaged.AsSpan(0, random.Next(whole.Length)) : damaged);
            try
            {
                await Sample.ReadAllAsync(folder.At(name + member));
            }
            catch (Exception error) when (error is InvalidArrayException or CorruptDataException)
            {
                Assert.NotEmpty(error.Message);
                errors++;
            }
        }

        Assert.InRange(errors, 1, Times - 1);
    }
}
